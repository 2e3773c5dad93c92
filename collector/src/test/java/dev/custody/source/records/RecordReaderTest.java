package dev.custody.source.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.capture.BadInputException;
import dev.custody.sighting.TestObserver;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is hostile is refused with a message that repeats nothing of it. */
class RecordReaderTest {
  private static final String RECORD =
      "{\"eventID\":\"a\",\"eventTime\":\"2026-11-22T06:59:03Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"ListBuckets\",\"x\":%s}";

  private final RecordReader reader =
      new RecordReader(new CloudTrailSource(new TestObserver().of("dana")));

  private int events(byte[] bytes) throws BadInputException {
    return Sample.events(reader, bytes).size();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"hunter2\":1,\"hunter2\":2} | a key stands twice in one object",
        "{\"a\":[{\"b\":{\"hunter2\":1,\"hunter2\":2}}]} | a key stands twice in one object",
        "hunter2 | not JSON at byte",
        "\"hunter2 | not JSON at byte",
        "1} {\"hunter2\":1 | not JSON at byte",
        "0123 | not JSON at byte",
        "NaN | not JSON at byte",
      })
  void whatIsNoStrictJsonIsRefused(String value, String message) {
    assertThatThrownBy(() -> events(RECORD.formatted(value).getBytes(UTF_8)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void whatIsTooDeepOrTooLargeIsRefused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThatThrownBy(() -> events(RECORD.formatted(deep).getBytes(UTF_8)))
        .hasMessage(
            "a record nested deeper than 100, of more than 500,000 tokens, or with a number or key too long");
    String digits = "9".repeat(100_000);
    assertThatThrownBy(() -> events(RECORD.formatted(digits).getBytes(UTF_8)))
        .hasMessage(
            "a record nested deeper than 100, of more than 500,000 tokens, or with a number or key too long");
    assertThatThrownBy(
            () -> events(RECORD.formatted("\"" + "x".repeat(1 << 20) + "\"").getBytes(UTF_8)))
        .hasMessage("a record larger than 1,048,576 bytes");
  }

  @Test
  void whatIsNotUtf8IsRefusedAndWhatIsStays() throws Exception {
    byte[] record = RECORD.formatted("\"schön ☂ 𝄞\"").getBytes(UTF_8);
    assertThat(events(record)).isEqualTo(1);
    for (byte[] wrong :
        new byte[][] {
          {(byte) 0xC3, 0x28},
          {(byte) 0xC0, (byte) 0xAF},
          {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
          {(byte) 0xFF},
        }) {
      byte[] broken = Arrays.copyOf(record, record.length + wrong.length);
      System.arraycopy(wrong, 0, broken, record.length - 3, wrong.length);
      System.arraycopy(record, record.length - 2, broken, record.length - 3 + wrong.length + 1, 2);
      assertThatThrownBy(() -> events(broken)).hasMessage("expected UTF-8, found other bytes");
    }
  }

  @Test
  void fieldsOfAnotherTypeAreAbsent() throws Exception {
    byte[] odd =
        RECORD
            .formatted(
                "null,\"userIdentity\":[1],\"resources\":7,\"requestParameters\":\"x\",\"readOnly\":\"yes\",\"responseElements\":[]")
            .getBytes(UTF_8);
    assertThat(events(odd)).isEqualTo(1);
  }

  @Test
  void theRecordsThatALineWrapsAreEachRead() throws Exception {
    String one = RECORD.formatted("1");
    String two = one.replace("\"a\"", "\"b\"");
    assertThat(events(("{\"Records\":[" + one + "," + two + "]}").getBytes(UTF_8))).isEqualTo(2);
    assertThat(events("{\"Records\":[]}".getBytes(UTF_8))).isZero();
  }
}
