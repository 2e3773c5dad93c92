package dev.custody.attribute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import java.util.List;

/**
 * The few words of an event that derived topics carry: what was asked, run or said first, then what
 * came back.
 */
final class Extract {
  static final int MAX_CHARS = 2000;
  private static final int MAX_PART_CHARS = 900;

  private static final ObjectMapper JSON = new ObjectMapper();

  // Best first: where a source says in its own words what was done.
  private static final List<String> LEADING =
      List.of(
          "/prompt",
          "/tool_input/command",
          "/tool_input/file_path",
          "/tool_input/url",
          "/tool_input",
          // OpenTelemetry of agents
          "/attributes/prompt",
          "/attributes/full_command",
          "/attributes/tool_input",
          "/message/params/arguments",
          "/message/params/uri",
          "/message/result/content",
          "/message/error/message",
          "/message",
          "/last_assistant_message",
          "/delta",
          "/eventName",
          "/requestParameters",
          "/error",
          "/errorMessage",
          "/tool_response/stdout",
          "/tool_response/stderr",
          "/tool_response",
          "/userAgent");

  private Extract() {}

  static String of(Event event) {
    return switch (event.body()) {
      // What a reader needs to judge a revocation by itself; neither is ever withheld.
      case Body.KeyRevoked revoked -> Revocation.line(revoked);
      case Body.Genesis genesis when genesis.predecessor() != null ->
          KnownHistories.text(genesis.predecessor());
      default -> ofContent(event);
    };
  }

  private static String ofContent(Event event) {
    if (event.content().isEmpty() || !event.contentKey().isEmpty()) {
      return "";
    }
    JsonNode content;
    try {
      content = JSON.readTree(event.content().toByteArray());
    } catch (JsonProcessingException e) {
      return "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    StringBuilder words = new StringBuilder();
    String taken = "";
    for (String path : LEADING) {
      // A part of what was taken before says nothing new.
      if (taken.isEmpty() || !taken.startsWith(path)) {
        String before = words.toString();
        append(words, content.at(path));
        boolean whole = path.startsWith("/tool_") || path.startsWith("/message/");
        taken = before.contentEquals(words) || !whole ? taken : path;
      }
    }
    return words.toString();
  }

  private static void append(StringBuilder words, JsonNode node) {
    if (node.isMissingNode() || node.isNull() || words.length() >= MAX_CHARS) {
      return;
    }
    String text = node.isTextual() ? node.textValue() : node.toString();
    if (words.indexOf(text) >= 0) {
      return;
    }
    if (!words.isEmpty()) {
      words.append('\n');
    }
    int room = Math.min(MAX_PART_CHARS, MAX_CHARS - words.length());
    words.append(text, 0, Math.min(Math.max(0, room), text.length()));
  }
}
