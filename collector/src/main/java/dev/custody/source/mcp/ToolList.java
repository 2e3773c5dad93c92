package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.redact.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tools that one page of a server's list describes. */
record ToolList(List<Body.DescribedTool> tools) {
  /** Most tools of one server that are told apart. */
  static final int MOST = 512;

  private static final String WITHOUT_NAME = "00000000";

  // The same text has the same digest in every session: a marker names its kind only.
  private static final Redactor ANONYMOUS = new Redactor((kind, secret) -> WITHOUT_NAME);

  ToolList {
    tools = List.copyOf(tools);
  }

  /**
   * Of the result of {@code tools/list}.
   *
   * @param result as sent
   */
  static ToolList of(JsonNode result) {
    List<Body.DescribedTool> tools = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (JsonNode tool : ANONYMOUS.json(result).value().path("tools")) {
      String name = Rpc.text(tool, "name", Rpc.LONGEST_NAME);
      if (name != null && tools.size() < MOST && known.add(name)) {
        tools.add(new Body.DescribedTool(name, digest(tool)));
      }
    }
    return new ToolList(tools);
  }

  /** SHA-256 of description and input schema as compact JSON, members in the order of names. */
  private static Digest digest(JsonNode tool) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.set("description", ordered(tool.path("description")));
    told.set("inputSchema", ordered(tool.path("inputSchema")));
    return Digest.sha256(told.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode ordered(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      Set<String> names = new TreeSet<>();
      object.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> copy.set(name, ordered(object.path(name))));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> copy.add(ordered(element)));
      return copy;
    }
    return node.isMissingNode() ? JsonNodeFactory.instance.nullNode() : node;
  }
}
