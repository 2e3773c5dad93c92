package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is decided on one message that waits, and makes the wrapper's answer of it: none to
 * let it pass, else what the client is told in the server's place. A batch passes whole or not at
 * all.
 */
final class Gate {
  private static final int INVALID_REQUEST = -32600;

  /** What JSON-RPC leaves to servers. */
  private static final int NOT_PASSED = -32000;

  private final List<ObjectNode> requests = new ArrayList<>();
  private final List<@Nullable String> denials = new ArrayList<>();
  private @Nullable String unreadable;
  private boolean batch;

  /** The message is a batch. */
  void batch() {
    batch = true;
  }

  /** A request of the message, as sent; {@code denial} is null where it may pass. */
  void request(ObjectNode request, @Nullable String denial) {
    requests.add(request);
    denials.add(denial);
  }

  /** The message can be read in no one way, and {@code denial} is why it may not pass, if so. */
  void unreadable(@Nullable String denial) {
    unreadable = denial;
  }

  /** Null to let it pass. */
  @Nullable Bytes answer() {
    JsonNode reply;
    if (unreadable != null) {
      reply = error(JsonNodeFactory.instance.nullNode(), INVALID_REQUEST, unreadable);
    } else if (denials.stream().allMatch(denial -> denial == null)) {
      return null;
    } else {
      reply = replies();
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("reply", reply);
    return Bytes.utf8(answer.toString());
  }

  /** Null where nobody waits for a response: a notification is dropped silently. */
  private JsonNode replies() {
    ArrayNode replies = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < requests.size(); i++) {
      JsonNode id = requests.get(i).path("id");
      String denial = denials.get(i);
      if (!id.isTextual() && !id.isNumber()) {
        continue;
      }
      replies.add(
          denial != null
              ? denied(id, denial)
              : error(
                  id, NOT_PASSED, "Custody: not passed on, because a call beside it is denied"));
    }
    if (batch && !replies.isEmpty()) {
      return replies;
    }
    return replies.isEmpty() ? JsonNodeFactory.instance.nullNode() : replies.get(0);
  }

  private static ObjectNode denied(JsonNode id, String reason) {
    ObjectNode reply = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    reply.set("id", id);
    ObjectNode result = reply.putObject("result");
    result.putArray("content").addObject().put("type", "text").put("text", reason);
    result.put("isError", true);
    return reply;
  }

  private static ObjectNode error(JsonNode id, int code, String message) {
    ObjectNode reply = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    reply.set("id", id);
    reply.putObject("error").put("code", code).put("message", message);
    return reply;
  }
}
