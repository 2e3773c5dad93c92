package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;

/** Entries of ours in tables of hooks. */
final class Handlers {
  private Handlers() {}

  /** The agent runs the forwarder. */
  static ObjectNode command(Machine machine, Wire wire, int port, int timeout) {
    ObjectNode handler = JsonNodeFactory.instance.objectNode();
    handler.put("type", "command").put("command", Forwarder.command(machine, wire, port));
    return handler.put("timeout", timeout);
  }

  /** The agent posts by itself. */
  static ObjectNode http(String url, int timeout) {
    ObjectNode handler = JsonNodeFactory.instance.objectNode();
    handler.put("type", "http").put("url", url).put("timeout", timeout);
    handler
        .putObject("headers")
        .put("X-Custody-Delegation", "$CUSTODY_DELEGATION")
        .put("Authorization", "Bearer $CUSTODY_TOKEN");
    handler.putArray("allowedEnvVars").add("CUSTODY_DELEGATION").add("CUSTODY_TOKEN");
    return handler;
  }

  /** The port that {@code handler} speaks to, if it is one of {@code wire}'s. */
  static OptionalInt port(Wire wire, JsonNode handler) {
    return switch (handler.path("type").asText()) {
      case "http" -> Forwarder.portOfUrl(handler.path("url").asText(), "/hooks/" + wire.id());
      case "command" -> Forwarder.port(handler.path("command").asText(), wire);
      default -> OptionalInt.empty();
    };
  }

  /** The way that {@code handler} takes. */
  static ProbeTarget target(Wire wire, JsonNode handler) {
    return handler.path("type").asText().equals("http")
        ? new ProbeTarget.Url(wire, handler.path("url").asText())
        : new ProbeTarget.Command(wire, handler.path("command").asText());
  }
}
