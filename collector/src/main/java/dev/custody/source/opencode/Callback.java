package dev.custody.source.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.source.agent.Hook;
import org.jspecify.annotations.Nullable;

/** Where opencode's callbacks and events keep what all of them have. */
record Callback(JsonNode body) {
  private static final String EVENT = "event:";

  String name() {
    return body.path("hook").asText();
  }

  boolean isEvent() {
    return name().startsWith(EVENT);
  }

  JsonNode input() {
    return body.path("input");
  }

  JsonNode output() {
    return body.path("output");
  }

  JsonNode properties() {
    return input().path("properties");
  }

  /** A session as an event shows it; missing in any other. */
  JsonNode info() {
    return name().startsWith("event:session.") ? properties().path("info") : body.path("none");
  }

  /** The tool part that an event shows; missing in any other. */
  JsonNode toolPart() {
    JsonNode part = properties().path("part");
    return name().equals("event:message.part.updated")
            && "tool".equals(part.path("type").textValue())
        ? part
        : body.path("none");
  }

  /** The session that it names; missing in a callback of none. */
  JsonNode session() {
    if (!isEvent()) {
      return input().path("sessionID");
    }
    JsonNode named = properties().path("sessionID");
    if (named.isMissingNode()) {
      named = info().path("id");
    }
    return named.isMissingNode() ? properties().path("part").path("sessionID") : named;
  }

  @Nullable String sessionId() {
    return Hook.identifier(session());
  }

  @Nullable String parent() {
    String parent = Hook.identifier(info(), "parentID");
    return parent == null ? Hook.identifier(body, "parentID") : parent;
  }

  @Nullable String directory() {
    String directory = Hook.path(info(), "directory");
    if (directory == null && name().equals("plugin.init")) {
      directory = Hook.path(input(), "directory");
    }
    return directory == null ? Hook.path(body, "directory") : directory;
  }

  @Nullable String version() {
    String version = Hook.text(info(), "version");
    return version == null ? Hook.text(body, "version") : version;
  }

  @Nullable String toolCall() {
    if (!isEvent()) {
      return Hook.identifier(input(), "callID");
    }
    String call = Hook.identifier(toolPart(), "callID");
    if (call == null) {
      call = Hook.identifier(properties().path("tool"), "callID");
    }
    return call == null ? Hook.identifier(properties(), "callID") : call;
  }

  /** The message that a prompt is. */
  @Nullable String promptId() {
    String id = Hook.identifier(output().path("message"), "id");
    return id == null ? Hook.identifier(input(), "messageID") : id;
  }
}
