package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Attributes and values of OpenTelemetry as plain JSON. */
final class Values {
  /** How deep arrays and maps may be nested in one value. */
  static final int DEEPEST = 8;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  /**
   * Attributes as one object. One that stands more than once, which the protocol forbids and real
   * agents send, has a list of its values: no adapter reads a list where it expects a text.
   */
  static ObjectNode object(List<KeyValue> attributes) throws RefusedRecordException {
    return object(attributes, 0);
  }

  /** A value; what JSON has no number for is a text, as are bytes, in base64. */
  static JsonNode of(AnyValue value) throws RefusedRecordException {
    return of(value, 0);
  }

  private static ObjectNode object(List<KeyValue> attributes, int depth)
      throws RefusedRecordException {
    ObjectNode object = JSON.objectNode();
    Set<String> twice = new HashSet<>();
    for (KeyValue attribute : attributes) {
      JsonNode value = of(attribute.getValue(), depth);
      JsonNode before = object.get(attribute.getKey());
      if (before == null) {
        object.set(attribute.getKey(), value);
      } else if (twice.add(attribute.getKey())) {
        object.set(attribute.getKey(), JSON.arrayNode().add(before).add(value));
      } else {
        ((ArrayNode) before).add(value);
      }
    }
    return object;
  }

  private static JsonNode of(AnyValue value, int depth) throws RefusedRecordException {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> TextNode.valueOf(value.getStringValue());
      case BOOL_VALUE -> BooleanNode.valueOf(value.getBoolValue());
      case INT_VALUE -> LongNode.valueOf(value.getIntValue());
      case DOUBLE_VALUE -> decimal(value.getDoubleValue());
      case BYTES_VALUE ->
          TextNode.valueOf(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
      case KVLIST_VALUE -> object(value.getKvlistValue().getValuesList(), deeper(depth));
      case ARRAY_VALUE -> {
        ArrayNode array = JSON.arrayNode();
        for (AnyValue element : value.getArrayValue().getValuesList()) {
          array.add(of(element, deeper(depth)));
        }
        yield array;
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> NullNode.instance;
    };
  }

  private static JsonNode decimal(double value) {
    return Double.isFinite(value)
        ? DoubleNode.valueOf(value)
        : TextNode.valueOf(Double.toString(value));
  }

  private static int deeper(int depth) throws RefusedRecordException {
    if (depth == DEEPEST) {
      throw new RefusedRecordException(
          "expected values nested at most " + DEEPEST + " deep, found a deeper one");
    }
    return depth + 1;
  }
}
