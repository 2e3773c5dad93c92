package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sent records, and through what. It is recorded with each of them, so it is kept short: of a
 * value the first 2,048 characters, of a resource and a scope what fits into 16 Ki characters each.
 */
final class Origin {
  static final int MOST_CHARACTERS = 16 << 10;
  static final int LONGEST_VALUE = 2_048;

  private final ObjectNode resource;
  private final @Nullable ObjectNode scope;

  private Origin(ObjectNode resource, @Nullable ObjectNode scope) {
    this.resource = resource;
    this.scope = scope;
  }

  static Origin of(Resource resource) throws RefusedRecordException {
    return new Origin(shortened(Values.object(resource.getAttributesList())), null);
  }

  Origin in(InstrumentationScope scope) throws RefusedRecordException {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    put(named, "name", scope.getName());
    put(named, "version", scope.getVersion());
    if (scope.getAttributesCount() > 0) {
      named.set("attributes", shortened(Values.object(scope.getAttributesList())));
    }
    return new Origin(resource, named);
  }

  private static void put(ObjectNode in, String field, String text) {
    if (!text.isEmpty()) {
      in.put(field, cut(text));
    }
  }

  void addTo(ObjectNode record) {
    record.set("resource", resource);
    if (scope != null) {
      record.set("scope", scope);
    }
  }

  private static ObjectNode shortened(ObjectNode attributes) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    int omitted = 0;
    int room = MOST_CHARACTERS;
    for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
      JsonNode value = shortened(attribute.getValue());
      int length = attribute.getKey().length() + value.toString().length();
      if (length > room) {
        omitted++;
      } else {
        room -= length;
        kept.set(attribute.getKey(), value);
      }
    }
    return omitted == 0 ? kept : kept.put("…omitted", omitted);
  }

  private static JsonNode shortened(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    return text.length() <= LONGEST_VALUE ? value : TextNode.valueOf(cut(text));
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST_VALUE) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST_VALUE - 1)) ? 1 : 0;
    return text.substring(0, LONGEST_VALUE - end)
        + "…["
        + (text.length() - LONGEST_VALUE + end)
        + " characters omitted]";
  }
}
