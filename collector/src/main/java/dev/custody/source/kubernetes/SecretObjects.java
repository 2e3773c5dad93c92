package dev.custody.source.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Takes the objects of Kubernetes Secrets out of a record, where the audit policy put them there:
 * their values are secrets whatever they look like, in base64 as well. What the object is, where it
 * is and which keys it has stays.
 */
final class SecretObjects {
  private static final String OMITTED = "[omitted: of a Secret]";
  private static final List<String> OBJECTS = List.of("requestObject", "responseObject");
  private static final Set<String> KINDS = Set.of("Secret", "SecretList");
  private static final Set<String> KEPT = Set.of("kind", "apiVersion", "type", "immutable");
  private static final Set<String> KEPT_OF_METADATA =
      Set.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp");

  private SecretObjects() {}

  /** {@code record}, or a copy without them. */
  static JsonNode omitted(JsonNode record) {
    if (!(record instanceof ObjectNode object) || OBJECTS.stream().noneMatch(object::has)) {
      return record;
    }
    boolean secrets = "secrets".equals(object.path("objectRef").path("resource").textValue());
    ObjectNode copy = JsonNodeFactory.instance.objectNode().setAll(object);
    for (String field : OBJECTS) {
      JsonNode value = object.path(field);
      if (secrets || KINDS.contains(String.valueOf(value.path("kind").textValue()))) {
        copy.replace(field, reduced(value));
      }
    }
    return copy;
  }

  private static JsonNode reduced(JsonNode value) {
    if (value instanceof ArrayNode patch) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      patch.forEach(step -> copy.add(reduced(step)));
      return copy;
    }
    if (!(value instanceof ObjectNode object)) {
      return JsonNodeFactory.instance.textNode(OMITTED);
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(field -> {
          JsonNode inner = field.getValue();
          copy.set(
              field.getKey(),
              switch (field.getKey()) {
                case "metadata" -> only(inner, KEPT_OF_METADATA);
                case "data", "stringData" -> only(inner, Set.of());
                case "items" -> reduced(inner);
                default ->
                    KEPT.contains(field.getKey()) && inner.isValueNode()
                        ? inner
                        : JsonNodeFactory.instance.textNode(OMITTED);
              });
        });
    return copy;
  }

  /** The keys of an object, and the values of those in {@code kept}. */
  private static JsonNode only(JsonNode node, Set<String> kept) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    node.properties()
        .forEach(field -> {
          boolean keeps = kept.contains(field.getKey()) && field.getValue().isValueNode();
          copy.set(
              field.getKey(),
              keeps ? field.getValue() : JsonNodeFactory.instance.textNode(OMITTED));
        });
    return copy;
  }
}
