package dev.custody.source.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import dev.custody.sighting.StrictJson;
import dev.custody.sighting.Utf8;
import java.io.IOException;
import java.util.List;

/**
 * Reads the bytes of one record, strictly: UTF-8, one value, no key twice in an object, bounded
 * depth. Safe for use by several threads.
 */
public final class RecordReader {
  // That a key stands twice is noticed where the tree is built: that costs nothing, a set of the
  // names of each object costs a sixth of all reading.
  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(RecordShape.DEEPEST)
                          .maxTokenCount(StrictJson.MOST_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  private final AuditLog log;

  /** Reads records of {@code log}. */
  public RecordReader(AuditLog log) {
    this.log = log;
  }

  /**
   * The record in {@code length} bytes from {@code from} on, or those that it wraps.
   *
   * @throws BadInputException saying what is wrong, without repeating anything of it
   */
  public List<JsonNode> records(byte[] bytes, int from, int length) throws BadInputException {
    if (length > log.shape().largest()) {
      throw new BadInputException(
          "a record larger than %,d bytes".formatted(log.shape().largest()));
    }
    if (!Utf8.isUtf8(bytes, from, length)) {
      throw new BadInputException("expected UTF-8, found other bytes");
    }
    return log.shape().records(tree(bytes, from, length));
  }

  /**
   * The events that one of them tells of.
   *
   * @throws BadInputException when it lacks what every record has
   */
  public List<Event> events(JsonNode record) throws BadInputException {
    return log.events(record);
  }

  private static JsonNode tree(byte[] bytes, int from, int length) throws BadInputException {
    try {
      return JSON.readTree(bytes, from, length);
    } catch (IOException e) {
      throw new BadInputException(describe(e));
    }
  }

  /** Says what is wrong without Jackson's words, which quote the input. */
  private static String describe(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return "a record nested deeper than %d, of more than %,d tokens, or with a number or key too long"
          .formatted(RecordShape.DEEPEST, StrictJson.MOST_TOKENS);
    }
    if (e instanceof JsonProcessingException json) {
      return json.getOriginalMessage().startsWith("Duplicate")
          ? "a key stands twice in one object"
          : "not JSON at byte %d of the record"
              .formatted(json.getLocation() == null ? 0 : json.getLocation().getByteOffset());
    }
    return "not JSON";
  }
}
