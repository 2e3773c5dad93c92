package dev.custody.sighting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.custody.digest.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Cuts the longest texts of a record, all to one length, until it fits: head and tail stay, with a
 * mark between them that says how much is gone.
 */
final class ContentLimit {
  /**
   * What may be stored.
   *
   * @param json UTF-8 JSON
   * @param omitted bytes of text that were left out
   */
  record Fitted(Bytes json, long omitted) {}

  private static final int LONGEST_MARK = 48;

  private final JsonNode tree;
  private final int most;
  private long omitted;

  private ContentLimit(JsonNode tree, int most) {
    this.tree = tree;
    this.most = most;
  }

  /** {@code tree} in at most {@code most} bytes. */
  static Fitted fit(JsonNode tree, int most) {
    return fit(tree, StrictJson.bytes(tree), most);
  }

  /** The same, of a tree whose JSON is {@code whole}. */
  static Fitted fit(JsonNode tree, byte[] whole, int most) {
    return whole.length <= most
        ? new Fitted(new Bytes(whole), 0)
        : new ContentLimit(tree, most).cut(whole);
  }

  private Fitted cut(byte[] whole) {
    for (int length = most / 2; length >= LONGEST_MARK; length = length / 4 * 3) {
      if (estimate(tree, length) <= most) {
        omitted = 0;
        byte[] json = StrictJson.bytes(shorten(tree, length));
        if (json.length <= most) {
          return new Fitted(new Bytes(json), omitted);
        }
      }
    }
    // Not the texts are long, there are too many values: what can be kept is text, not structure.
    omitted = 0;
    String text = new String(whole, StandardCharsets.UTF_8);
    // Quoting doubles a character at worst six-fold, and three bytes are the longest without it.
    byte[] json = StrictJson.bytes(TextNode.valueOf(shorten(text, (most - LONGEST_MARK) / 6)));
    return new Fitted(new Bytes(json), omitted);
  }

  /** No more than the bytes that would remain, so that hopeless lengths aren't tried in earnest. */
  private static long estimate(JsonNode node, int length) {
    if (node.isTextual()) {
      return Math.min(node.textValue().length(), length);
    }
    long sum = 1;
    for (JsonNode child : node) {
      sum += estimate(child, length);
    }
    return sum;
  }

  private JsonNode shorten(JsonNode node, int length) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        copy.set(field.getKey(), shorten(field.getValue(), length));
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> copy.add(shorten(element, length)));
      return copy;
    }
    return node.isTextual() ? TextNode.valueOf(shorten(node.textValue(), length)) : node;
  }

  private String shorten(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int keep = Math.max(0, length - LONGEST_MARK);
    int head = whole(text, keep / 2);
    int tail = whole(text, text.length() - (keep - keep / 2));
    long gone = utf8Length(text, head, tail);
    omitted += gone;
    return text.substring(0, head) + "…[" + gone + " bytes omitted]…" + text.substring(tail);
  }

  /** {@code at}, or the place behind it where a surrogate pair would be cut. */
  private static int whole(String text, int at) {
    boolean inside =
        at > 0
            && at < text.length()
            && Character.isHighSurrogate(text.charAt(at - 1))
            && Character.isLowSurrogate(text.charAt(at));
    return inside ? at + 1 : at;
  }

  private static long utf8Length(String text, int from, int to) {
    return text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
  }
}
