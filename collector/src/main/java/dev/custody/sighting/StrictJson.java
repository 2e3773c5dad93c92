package dev.custody.sighting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one JSON object from bytes that anybody may have sent, and writes trees. One reading only:
 * a name that stands twice, or anything behind the object, is refused.
 */
public final class StrictJson {
  /** How deep objects and arrays may be nested. */
  public static final int DEEPEST = 64;

  /** Longest text in characters: a tool's result may hold a whole file. */
  public static final int LONGEST_TEXT = 16 << 20;

  /**
   * Most tokens (values, names, brackets) of one body: each becomes a node of some hundred bytes. A
   * large tool result has some ten thousand.
   */
  public static final int MOST_TOKENS = 500_000;

  private static final int LONGEST_NAME = 16 << 10;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LONGEST_TEXT)
                          .maxNameLength(LONGEST_NAME)
                          .maxTokenCount(MOST_TOKENS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private StrictJson() {}

  /**
   * The object that is all of {@code bytes}.
   *
   * @throws BadInputException saying where they are something else, without repeating them
   */
  public static ObjectNode object(byte[] bytes) throws BadInputException {
    JsonNode tree = value(bytes);
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new BadInputException("body: expected a JSON object, found " + type(tree));
  }

  /**
   * The one JSON value that is all of {@code bytes}.
   *
   * @throws BadInputException saying where they are something else, without repeating them
   */
  public static JsonNode value(byte[] bytes) throws BadInputException {
    if (!Utf8.isUtf8(bytes, 0, bytes.length)) {
      throw new BadInputException("body: expected UTF-8, found other bytes");
    }
    try {
      return MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new BadInputException("body: " + defect(e) + place(e.getLocation()));
    } catch (IOException e) {
      throw new BadInputException("body: expected UTF-8, found other bytes");
    }
  }

  /** What a value is, for messages. */
  public static String type(JsonNode value) {
    return value.isMissingNode() ? "nothing" : value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /** Compact text of a tree. */
  static String write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  /** Compact UTF-8 of a tree; half a surrogate pair, which UTF-8 can't carry, becomes '?'. */
  static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      return write(tree).getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Jackson's own messages quote the input, which may hold a secret; those on limits only count.
   */
  private static String defect(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return e.getOriginalMessage().replaceAll(", from `[^`]*`", "");
    }
    if (e instanceof JsonEOFException) {
      return "expected the rest of a JSON value, found the end";
    }
    boolean twice = e.getOriginalMessage().startsWith("Duplicate");
    return twice
        ? "expected each name once in an object, found one twice"
        : "expected one JSON object, found what is none";
  }

  private static String place(JsonLocation at) {
    return at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
