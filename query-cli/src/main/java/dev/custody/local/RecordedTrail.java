package dev.custody.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A CloudTrail file whose times are moved to those of a replay; nothing else of it changes. */
public final class RecordedTrail {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RecordedTrail() {}

  /**
   * Writes the records of {@code trail} to {@code file}, each {@code eventTime} later by {@code
   * shift}; answers how many.
   */
  public static int shift(InputStream trail, Duration shift, Path file) throws IOException {
    JsonNode root = JSON.readTree(trail);
    int records = 0;
    for (JsonNode record : root.path("Records")) {
      Instant time = Instant.parse(record.path("eventTime").asText());
      ((ObjectNode) record).put("eventTime", time.plus(shift).toString());
      records++;
    }
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    return records;
  }
}
