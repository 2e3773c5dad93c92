package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One JSON-RPC message. What is not of the type that the protocol gives it counts as absent. */
record Rpc(ObjectNode fields) {
  /** Longest method, name or id that is looked at. */
  static final int LONGEST_NAME = 256;

  static final String CALL = "tools/call";
  static final String LIST = "tools/list";
  static final String INITIALIZE = "initialize";

  private static final Pattern PLAIN = Pattern.compile("[!-~]{1,64}");

  @Nullable String method() {
    return text(fields, "method", LONGEST_NAME);
  }

  /** A request or a notification. */
  boolean asks(String method) {
    return method.equals(method());
  }

  boolean isRequest() {
    return method() != null && hasId();
  }

  boolean isResponse() {
    return method() == null && hasId() && (fields.has("result") || fields.has("error"));
  }

  boolean isError() {
    return fields.has("error");
  }

  private boolean hasId() {
    return fields.path("id").isTextual() || fields.path("id").isNumber();
  }

  /**
   * By what a request and its response are paired; 1 and "1" are two, 1 and 1.0 are one. Null
   * without an id, and where it is too long to be kept.
   */
  @Nullable String key() {
    JsonNode id = fields.path("id");
    if (!hasId() || id.asText().length() > LONGEST_NAME) {
      return null;
    }
    return id.isTextual() ? "s" + id.textValue() : "n" + id.decimalValue().stripTrailingZeros();
  }

  /** The id where it can stand in an identifier of ours. */
  @Nullable String plainId() {
    String id = fields.path("id").asText();
    return hasId() && PLAIN.matcher(id).matches() ? id : null;
  }

  JsonNode params() {
    return fields.path("params");
  }

  JsonNode result() {
    return fields.path("result");
  }

  /** A short text; null if it is absent, empty or no such thing. */
  static @Nullable String text(JsonNode object, String name, int longest) {
    String text = object.path(name).textValue();
    return text == null || text.isEmpty() || text.length() > longest ? null : text;
  }
}
