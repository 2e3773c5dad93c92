package dev.custody.source.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CloudTrailRecordTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());

  private static ObjectNode at(String time) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("eventID", "1")
        .put("eventSource", "s3.amazonaws.com")
        .put("eventName", "GetObject")
        .put("eventTime", time);
  }

  private static void readsAsTheLibraryDoes(String time) throws BadInputException {
    Instant expected;
    try {
      expected = Instant.parse(time);
    } catch (DateTimeException e) {
      assertThatThrownBy(() -> CloudTrailRecord.of(at(time)))
          .as("%s, seed %d", time, SEED)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("eventTime is no time");
      return;
    }
    assertThat(CloudTrailRecord.of(at(time)).eventTime())
        .as("%s, seed %d", time, SEED)
        .isEqualTo(expected);
  }

  @Test
  void aTimeIsWhatTheLibraryReads() throws Exception {
    for (String time :
        List.of(
            "2026-01-31T12:00:00Z",
            "2024-02-29T23:59:59Z",
            "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T24:00:01Z",
            "2016-12-31T23:59:60Z",
            "2026-01-31T23:60:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-31t12:00:00z",
            "2026-01-31T12:00:00.5Z",
            "2026-01-31T12:00:00+01:00",
            "2026-01-31 12:00:00Z",
            "\u0662026-01-31T12:00:00Z".substring(0, 20),
            "2026-01-3\u0661T12:00:00Z")) {
      readsAsTheLibraryDoes(time);
    }
    Random random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      readsAsTheLibraryDoes(
          "%04d-%02d-%02dT%02d:%02d:%02dZ"
              .formatted(
                  random.nextInt(10_000),
                  random.nextInt(14),
                  random.nextInt(33),
                  random.nextInt(26),
                  random.nextInt(62),
                  random.nextInt(62)));
    }
  }
}
