package dev.custody.hook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text and where each of its values stands in it, so that it can be edited in place.
 *
 * @param text all of it
 * @param tree what it says
 * @param root where it says it
 */
record JsonText(String text, ObjectNode tree, Span root) {
  /** Largest settings file, in characters. */
  static final int LARGEST = 4 << 20;

  private static final int DEEPEST = 64;
  private static final JsonMapper STRICT = mapper(false);
  private static final JsonMapper WITH_COMMENTS = mapper(true);

  /** What an agent reads as JSON. */
  enum Dialect {
    STRICT,
    WITH_COMMENTS
  }

  /**
   * A value's place.
   *
   * @param start its first character
   * @param end behind its last one
   * @param items members or elements, in order; none of a scalar
   */
  record Span(int start, int end, List<Item> items) {
    Span {
      items = List.copyOf(items);
    }

    Optional<Item> member(String name) {
      return items.stream().filter(i -> name.equals(i.name())).findFirst();
    }
  }

  /**
   * A member or an element.
   *
   * @param name null of an element
   * @param start first character of the name, or of the element
   */
  record Item(@Nullable String name, int start, Span value) {
    int end() {
      return value.end();
    }
  }

  /**
   * Reads {@code text}; blank text is an empty object.
   *
   * @param file names it in messages
   * @throws HookException with line and column where it is something else
   */
  static JsonText parse(String text, Dialect dialect, String file) throws HookException {
    if (text.length() > LARGEST) {
      throw new HookException(
          "%s: expected at most %d characters, found %d".formatted(file, LARGEST, text.length()),
          "is this the settings file?");
    }
    try {
      JsonNode tree = (dialect == Dialect.STRICT ? STRICT : WITH_COMMENTS).readTree(text);
      if (tree instanceof ObjectNode object) {
        return new JsonText(text, object, new JsonSpans(text).root());
      }
      throw new HookException(
          file
              + ": expected a JSON object, found "
              + (tree.isMissingNode() ? "nothing" : "a value"),
          "mend it or move it away; it was not touched");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new HookException(
          "%s: expected JSON, found something else at line %d, column %d%s"
              .formatted(
                  file,
                  at == null ? 0 : at.getLineNr(),
                  at == null ? 0 : at.getColumnNr(),
                  // The rest of Jackson's message quotes the file.
                  e.getOriginalMessage().startsWith("Duplicate") ? " (a name stands twice)" : ""),
          "mend it or move it away; it was not touched");
    }
  }

  private static JsonMapper mapper(boolean comments) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, comments)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }

  /** The value under {@code names}, from the root inwards. */
  Optional<Span> at(String... names) {
    Optional<Span> at = Optional.of(root);
    for (String name : names) {
      at = at.flatMap(s -> s.member(name)).map(Item::value);
    }
    return at;
  }

  /** What stands in {@code span}. */
  String slice(Span span) {
    return text.substring(span.start(), span.end());
  }

  boolean isObject(Span span) {
    return text.charAt(span.start()) == '{';
  }

  boolean isArray(Span span) {
    return text.charAt(span.start()) == '[';
  }

  /** Finds the places of values in a text that is known to be JSON. */
  private static final class JsonSpans {
    private final String text;
    private int at;

    JsonSpans(String text) {
      this.text = text;
    }

    Span root() {
      pass();
      return value();
    }

    private Span value() {
      int start = at;
      char first = text.charAt(at);
      List<Item> items = new ArrayList<>();
      if (first == '{' || first == '[') {
        at++;
        pass();
        while (text.charAt(at) != '}' && text.charAt(at) != ']') {
          items.add(item(first == '{'));
          pass();
          if (text.charAt(at) == ',') {
            at++;
            pass();
          }
        }
        at++;
      } else if (first == '"') {
        string();
      } else {
        while (at < text.length()
            && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text.charAt(at)) >= 0) {
          at++;
        }
      }
      return new Span(start, at, items);
    }

    private Item item(boolean named) {
      int start = at;
      String name = null;
      if (named) {
        string();
        name = unquoted(text.substring(start, at));
        pass();
        at++; // the colon
        pass();
      }
      return new Item(name, start, value());
    }

    private void string() {
      at++;
      while (text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
    }

    private static String unquoted(String quoted) {
      try {
        return STRICT.readTree(quoted).textValue();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a name that was read is none", e);
      }
    }

    /** White space and comments. */
    private void pass() {
      while (at < text.length()) {
        if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
          at++;
        } else if (text.startsWith("//", at)) {
          int end = at;
          while (end < text.length() && "\r\n".indexOf(text.charAt(end)) < 0) {
            end++;
          }
          at = end;
        } else if (text.startsWith("/*", at)) {
          at = text.indexOf("*/", at) + 2;
        } else {
          return;
        }
      }
    }
  }
}
