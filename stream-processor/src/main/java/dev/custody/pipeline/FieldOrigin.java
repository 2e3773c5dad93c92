package dev.custody.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.JsonFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in a record the values of a field are. */
sealed interface FieldOrigin {
  /** The values; null elements are nulls of the record. */
  List<@Nullable String> values(JsonNode record, FieldSource own);

  /** Whether the record has the field. */
  boolean isIn(JsonNode record, FieldSource own);

  /** Another field. */
  record Path(String path) implements FieldOrigin {
    @Override
    public List<@Nullable String> values(JsonNode record, FieldSource own) {
      return own.values(path);
    }

    @Override
    public boolean isIn(JsonNode record, FieldSource own) {
      return own.has(path);
    }
  }

  /** The text of another field behind the first {@code marker} in it; all of it without one. */
  record Behind(String path, String marker) implements FieldOrigin {
    @Override
    public List<@Nullable String> values(JsonNode record, FieldSource own) {
      List<@Nullable String> values = new ArrayList<>();
      for (String text : own.values(path)) {
        int at = text == null ? -1 : text.indexOf(marker);
        values.add(text == null || at < 0 ? text : text.substring(at + marker.length()));
      }
      return values;
    }

    @Override
    public boolean isIn(JsonNode record, FieldSource own) {
      return own.has(path);
    }
  }

  /**
   * Of a list of objects that carry a name and a value each, the values of those with that name.
   *
   * @param list keys on the way to the list
   * @param key the key of the name
   * @param name the name; case does not count
   * @param take the keys of the value, each of which an object may have
   */
  record Named(List<String> list, String key, String name, List<String> take)
      implements FieldOrigin {
    public Named {
      list = List.copyOf(list);
      take = List.copyOf(take);
    }

    @Override
    public List<@Nullable String> values(JsonNode record, FieldSource own) {
      List<@Nullable String> values = new ArrayList<>();
      for (JsonNode object : named(record)) {
        JsonFields fields = new JsonFields(object);
        take.forEach(one -> values.addAll(fields.values(one)));
      }
      return values;
    }

    @Override
    public boolean isIn(JsonNode record, FieldSource own) {
      return named(record).stream().anyMatch(object -> take.stream().anyMatch(object::has));
    }

    private List<JsonNode> named(JsonNode record) {
      List<JsonNode> found = new ArrayList<>();
      descend(record, 0, found);
      return found;
    }

    // As deep as the keys and the record's arrays are, which the JSON parser bounds.
    private void descend(JsonNode node, int depth, List<JsonNode> found) {
      if (node.isArray()) {
        node.forEach(element -> descend(element, depth, found));
      } else if (depth < list.size()) {
        descend(node.path(list.get(depth)), depth + 1, found);
      } else if (name.equalsIgnoreCase(node.path(key).textValue())) {
        found.add(node);
      }
    }
  }
}
