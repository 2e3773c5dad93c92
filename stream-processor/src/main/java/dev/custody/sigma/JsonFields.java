package dev.custody.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON event (rules specification, "Field Usage").
 *
 * <p>A name is a path: {@code userIdentity.type}. At each object the longest key that exists wins,
 * so a key that itself contains dots is found. Arrays on the way and at the end are flattened. An
 * object's value is its compact JSON text, as a log that carries it as a string would have it;
 * where texts in it are JSON themselves, as policies in CloudTrail are, also the text without their
 * escapes, for that is what rules are written against.
 *
 * <p>Answers are kept per instance: make one per event, and use it from one thread. The tree must
 * not change meanwhile.
 */
public final class JsonFields implements FieldSource {
  private final JsonNode event;
  private final Map<String, Found> cache = new HashMap<>();

  public JsonFields(JsonNode event) {
    this.event = event;
  }

  @Override
  public boolean has(String field) {
    return find(field).present;
  }

  @Override
  public List<@Nullable String> values(String field) {
    return find(field).values;
  }

  @Override
  public List<@Nullable String> foldedValues(String field) {
    Found found = find(field);
    List<@Nullable String> folded = found.folded;
    if (folded == null) {
      folded = FieldSource.fold(found.values);
      found.folded = folded;
    }
    return folded;
  }

  @Override
  public boolean anyValue(Predicate<? super String> test) {
    return anyValue(event, test);
  }

  private Found find(String field) {
    Found known = cache.get(field);
    if (known == null) {
      known = new Found();
      known.descend(event, field);
      cache.put(field, known);
    }
    return known;
  }

  // Recursion is as deep as the tree, and the JSON parser bounds that.
  private static boolean anyValue(JsonNode node, Predicate<? super String> test) {
    if (!node.isContainerNode()) {
      return !node.isNull() && !node.isMissingNode() && test.test(node.asText());
    }
    for (JsonNode child : node) {
      if (anyValue(child, test)) {
        return true;
      }
    }
    return false;
  }

  /** What one path leads to. */
  private static final class Found {
    private final List<@Nullable String> values = new ArrayList<>(1);
    private @Nullable List<@Nullable String> folded;
    private boolean present;

    void descend(JsonNode node, String path) {
      if (node.isArray()) {
        for (JsonNode element : node) {
          descend(element, path);
        }
      } else if (node.isObject()) {
        enter(node, path);
      }
    }

    private void enter(JsonNode object, String path) {
      JsonNode whole = object.get(path);
      if (whole != null) {
        present = true;
        collect(whole);
        return;
      }
      for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
        JsonNode next = object.get(path.substring(0, dot));
        if (next != null) {
          descend(next, path.substring(dot + 1));
          return;
        }
      }
    }

    private void collect(JsonNode leaf) {
      if (leaf.isArray()) {
        for (JsonNode element : leaf) {
          collect(element);
        }
      } else if (leaf.isNull()) {
        values.add(null);
      } else {
        String text = leaf.isObject() ? leaf.toString() : leaf.asText();
        values.add(text);
        if (leaf.isObject() && text.contains("\\\"")) {
          StringBuilder plain = new StringBuilder(text.length());
          writePlain(leaf, plain);
          values.add(plain.toString());
        }
      }
    }

    private static void writePlain(JsonNode node, StringBuilder out) {
      if (node.isObject()) {
        String separator = "{";
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          out.append(separator).append('"').append(field.getKey()).append("\":");
          writePlain(field.getValue(), out);
          separator = ",";
        }
        out.append(node.isEmpty() ? "{}" : "}");
      } else if (node.isArray()) {
        String separator = "[";
        for (JsonNode element : node) {
          out.append(separator);
          writePlain(element, out);
          separator = ",";
        }
        out.append(node.isEmpty() ? "[]" : "]");
      } else if (node.isTextual()) {
        out.append('"').append(node.textValue()).append('"');
      } else {
        out.append(node.asText());
      }
    }
  }
}
