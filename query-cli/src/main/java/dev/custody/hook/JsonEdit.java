package dev.custody.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.custody.hook.JsonText.Dialect;
import dev.custody.hook.JsonText.Item;
import dev.custody.hook.JsonText.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes a JSON text in place: what is not changed stays as it is, byte for byte, and what is
 * added takes the indentation and the line ends of what stands around it.
 */
final class JsonEdit {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Dialect dialect;
  private final String file;
  private JsonText json;

  JsonEdit(String text, Dialect dialect, String file) throws HookException {
    this.dialect = dialect;
    this.file = file;
    this.json = JsonText.parse(text, dialect, file);
  }

  JsonText json() {
    return json;
  }

  /** Adds a member behind the last one. */
  void add(Span object, String name, JsonNode value) throws HookException {
    insert(object, quoted(name) + ": " + inline(value));
  }

  /** Adds a member whose own members stand on lines of their own. */
  void addLines(Span object, String name, Map<String, ? extends JsonNode> members)
      throws HookException {
    boolean lines = isLines(object);
    String indent = lines ? indent(object) : "";
    StringBuilder value = new StringBuilder(quoted(name)).append(": {");
    String before = lines ? newline() + indent + unit() : "";
    for (Map.Entry<String, ? extends JsonNode> member : members.entrySet()) {
      value
          .append(before)
          .append(quoted(member.getKey()))
          .append(": ")
          .append(inline(member.getValue()));
      before = lines ? "," + newline() + indent + unit() : ", ";
    }
    insert(object, value.append(lines ? newline() + indent : "").append('}').toString());
  }

  /** Adds an element behind the last one. */
  void append(Span array, JsonNode value) throws HookException {
    insert(array, inline(value));
  }

  /** Puts another value in the place of one. */
  void replace(Span span, JsonNode value) throws HookException {
    splice(span.start(), span.end(), inline(value));
  }

  /** Takes a member or an element away. */
  void remove(Span container, Item item) throws HookException {
    List<Item> items = container.items();
    int index = items.indexOf(item);
    String text = json.text();
    if (index < items.size() - 1) {
      int comma = commaBehind(item.end());
      splice(item.start(), blankEnd(comma + 1), "");
      return;
    }
    int from = blankStart(item.start());
    boolean afterComment = from > 0 && isBehindLineComment(from);
    String rest = text.substring(0, afterComment ? item.start() : from);
    if (index > 0) {
      int comma = commaBehind(items.get(index - 1).end());
      rest = text.substring(0, comma) + rest.substring(comma + 1);
    } else if (text.substring(item.end(), container.end() - 1).isBlank()
        && rest.length() == container.start() + 1) {
      // Nothing is left: {} and not what was between.
      set(rest + text.substring(container.end() - 1));
      return;
    }
    set(rest + text.substring(item.end()));
  }

  private boolean isBehindLineComment(int at) {
    int line = json.text().lastIndexOf('\n', at - 1) + 1;
    return dialect == Dialect.WITH_COMMENTS && json.text().substring(line, at).contains("//");
  }

  private void insert(Span container, String item) throws HookException {
    List<Item> items = container.items();
    boolean lines = isLines(container);
    String before = lines ? newline() + indent(container) : "";
    if (!items.isEmpty()) {
      int at = items.getLast().end();
      splice(at, at, (lines ? "," : ", ") + before + item);
      return;
    }
    int open = container.start() + 1;
    String inside = json.text().substring(open, container.end() - 1);
    String base = lineIndent(container.start());
    splice(
        open,
        inside.isBlank() ? container.end() - 1 : open,
        before + item + (lines && inside.isBlank() ? newline() + base : ""));
  }

  /** Whether items of {@code container} stand on lines of their own. */
  private boolean isLines(Span container) {
    if (container.items().isEmpty()) {
      return container.start() == json.root().start() || json.text().strip().indexOf('\n') >= 0;
    }
    String lead = json.text().substring(container.start(), container.items().getFirst().start());
    return lead.indexOf('\n') >= 0;
  }

  /** What stands before an item of {@code container} on its line. */
  private String indent(Span container) {
    return container.items().isEmpty()
        ? lineIndent(container.start()) + unit()
        : lineIndent(container.items().getLast().start());
  }

  private String lineIndent(int at) {
    String text = json.text();
    int line = text.lastIndexOf('\n', at - 1) + 1;
    int end = line;
    while (end < at && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(line, end);
  }

  /** One step of indentation. */
  private String unit() {
    List<Item> items = json.root().items();
    String first =
        items.isEmpty() || !isLines(json.root()) ? "" : lineIndent(items.getFirst().start());
    String root = lineIndent(json.root().start());
    return first.length() > root.length() && first.startsWith(root)
        ? first.substring(root.length())
        : "  ";
  }

  private String newline() {
    return json.text().contains("\r\n") ? "\r\n" : "\n";
  }

  private int commaBehind(int at) {
    String text = json.text();
    int comma = at;
    while (text.charAt(comma) != ',') {
      if (text.startsWith("//", comma)) {
        comma = text.indexOf('\n', comma);
      } else if (text.startsWith("/*", comma)) {
        comma = text.indexOf("*/", comma) + 1;
      }
      comma++;
    }
    return comma;
  }

  private int blankEnd(int at) {
    int end = at;
    while (" \t\r\n".indexOf(json.text().charAt(end)) >= 0) {
      end++;
    }
    return end;
  }

  private int blankStart(int at) {
    int start = at;
    while (" \t\r\n".indexOf(json.text().charAt(start - 1)) >= 0) {
      start--;
    }
    return start;
  }

  private void splice(int start, int end, String with) throws HookException {
    set(json.text().substring(0, start) + with + json.text().substring(end));
  }

  private void set(String text) throws HookException {
    json = JsonText.parse(text, dialect, file);
  }

  private static String quoted(String name) {
    return inline(com.fasterxml.jackson.databind.node.TextNode.valueOf(name));
  }

  /** On one line, with the spaces that people put. */
  static String inline(@Nullable JsonNode value) {
    if (value == null) {
      return "null";
    }
    StringBuilder out = new StringBuilder();
    if (value.isObject()) {
      String before = "{";
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        out.append(before)
            .append(quoted(member.getKey()))
            .append(": ")
            .append(inline(member.getValue()));
        before = ", ";
      }
      return out.append(value.isEmpty() ? "{}" : "}").toString();
    }
    if (value.isArray()) {
      String before = "[";
      for (JsonNode element : value) {
        out.append(before).append(inline(element));
        before = ", ";
      }
      return out.append(value.isEmpty() ? "[]" : "]").toString();
    }
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a scalar cannot be written", e);
    }
  }
}
