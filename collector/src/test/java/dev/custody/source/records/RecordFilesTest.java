package dev.custody.source.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.capture.BadInputException;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilesTest {
  @TempDir private Path dir;
  private static final int LARGEST = CloudTrailSource.SHAPE.largest();
  private final RecordReader reader =
      new RecordReader(new CloudTrailSource(new TestObserver().of("dana")));
  private final List<String> ids = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private long lastProgress;
  private OptionalLong lastTotal = OptionalLong.empty();

  private static String record(String id) {
    return "{\"eventID\":\"%s\",\"eventTime\":\"2026-11-22T06:59:03Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"ListBuckets\"}"
        .formatted(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Records\":[%A,%B]}",
        " { \"Records\" : [ %A ,\n %B ] , \"x\": {\"y\": [1]}} \n",
        "{\"Records\":[%A]}{\"Records\":[%B]}",
        "{\"Records\":[%A]}\n{\"Records\":[%B]}\n",
        "{\"v\":{\"Records\":[7,\"]\\\"\"]},\"Records\":[%A,%B]}",
        "[{\"Records\":[%A,%B]}]",
        "[%A,%B]",
        "%A\n%B\n",
        "%A%B",
        "%A\r\n\r\n%B",
        "%P\n%Q",
        "\uFEFF[%A,%B]",
      })
  void everyShapeIsReadPlainAndCompressed(String shape) throws IOException {
    String pretty = record("a").replace("{", "{\n  ").replace(",", ",\n  ");
    String text =
        shape
            .replace("%A", record("a"))
            .replace("%B", record("b"))
            .replace("%P", pretty)
            .replace("%Q", pretty.replace("\"a\"", "\"b\""));
    Path plain = write("plain.json", text.getBytes(StandardCharsets.UTF_8));
    Path zipped = write("no-hint", gzip(text.getBytes(StandardCharsets.UTF_8)));
    RecordFiles.Totals totals = read(plain, zipped);
    assertThat(problems).isEmpty();
    assertThat(totals.files()).isEqualTo(2);
    assertThat(totals.problems()).isZero();
    assertThat(ids).containsExactly("a", "b", "a", "b");
    assertThat(lastTotal).hasValue(lastProgress);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "trailing-garbage.json | {\"Records\":[%R]}x | 1 | :1:124: expected the end or another record, found something else",
        "not-an-object.json | [%R,7,%R] | 2 | :1:112: expected a record, found a JSON number",
        "duplicate-key.json | [{\"a\":1,\"a\":2},%R] | 1 | :1:2: a key stands twice in one object",
        "without-event-id.json | [{\"eventTime\":\"x\"},%R] | 1 | :1:2: a record without eventID",
        "time-is-no-time.json | [{\"eventID\":\"x\",\"eventTime\":\"x\",\"eventSource\":\"x\",\"eventName\":\"x\"}] | 0 | :1:2: eventTime is no time: expected the form 2026-01-31T12:00:00Z",
        "cut-off.json | {\"Records\":[%R,{\"eventID\": | 1 | :1:123: the record is cut off",
        "cut-between.json | {\"Records\":[%R | 1 | :1:122: expected , or ] after a record",
        "secret-as-syntax.json | [{\"a\": ghp_secret}] | 0 | :1:2: not JSON at byte 6 of the record",
        "empty.json | | 0 | :1:1: the file is empty: expected CloudTrail records",
        "text.json | hello | 0 | :1:1: expected { or [, is this a CloudTrail file?",
        "broken-line.ndjson | %R#{\"eventID\":\"c#%R | 2 | :2:1: the record is cut off",
        "word-between-lines.ndjson | %R#oops#%R | 2 | :2:1: expected a record, found something else",
        "first-line-broken.ndjson | {\"eventID\":\"c#%R | 1 | :1:1: the record is cut off",
      })
  void aDefectIsNamedWithItsPlaceAndTheNextFileIsRead(
      String name, String text, long read, String message) throws IOException {
    String whole = text == null ? "" : text.replace("%R", record("a")).replace('#', '\n');
    Path bad = write(name, whole.getBytes(StandardCharsets.UTF_8));
    Path good = write("good.json", record("z").getBytes(StandardCharsets.UTF_8));
    RecordFiles.Totals totals = read(bad, good);
    assertThat(problems).containsExactly(bad + message);
    assertThat(totals.files()).isEqualTo(2);
    assertThat(ids).hasSize((int) read + 1).endsWith("z");
  }

  @Test
  void aCutOffOrCorruptGzipIsAProblem() throws IOException {
    byte[] whole = gzip(("[" + record("a") + "]").getBytes(StandardCharsets.UTF_8));
    byte[] corrupt = whole.clone();
    Arrays.fill(corrupt, 12, 30, (byte) 0xFF);
    read(
        write("cut.json.gz", Arrays.copyOf(whole, whole.length - 20)),
        write("corrupt.json.gz", corrupt));
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0))
        .contains("cut.json.gz:1:")
        .endsWith("the compressed data is cut off");
    assertThat(problems.get(1))
        .contains("corrupt.json.gz:1:")
        .endsWith("the compressed data is corrupt");
  }

  @Test
  void aRecordTooLargeOrTooDeepIsSkippedAndNamesTheLimit() throws IOException {
    String large = "{\"a\":\"" + "x".repeat(LARGEST) + "\"}";
    String deep = "[".repeat(200) + "]".repeat(200);
    read(
        write(
            "a.json",
            ("[" + large + "," + deep + "," + record("a") + "]").getBytes(StandardCharsets.UTF_8)));
    assertThat(ids).containsExactly("a");
    assertThat(problems.get(0)).endsWith(":1:2: a record larger than 1,048,576 bytes");
    assertThat(problems.get(1))
        .endsWith(
            "a record nested deeper than 100, of more than 500,000 tokens, or with a number or key too long");
  }

  @Test
  void aGzipBombIsReadInConstantMemory() throws IOException {
    Path bomb = dir.resolve("bomb.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      out.write("[{\"a\":\"".getBytes(StandardCharsets.UTF_8));
      byte[] block = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 64; i++) {
        out.write(block);
      }
    }
    read(bomb);
    assertThat(problems).containsExactly(bomb + ":1:2: a record larger than 1,048,576 bytes");
  }

  @Test
  void aDirectoryIsReadSortedAndAMissingFileIsAProblem() throws IOException {
    Files.createDirectories(dir.resolve("b"));
    write("b/2.jsonl", record("2").getBytes(StandardCharsets.UTF_8));
    write("a.json", record("1").getBytes(StandardCharsets.UTF_8));
    write("notes.txt", "no".getBytes(StandardCharsets.UTF_8));
    read(dir, dir.resolve("missing.json"));
    assertThat(ids).containsExactly("1", "2");
    assertThat(problems).containsExactly(dir.resolve("missing.json") + ": no such file");
  }

  @Test
  void standardInputIsReadWithoutATotal() {
    read(Path.of("-"));
    assertThat(ids).containsExactly("in");
    assertThat(lastTotal).isEmpty();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CUSTODY_CLOUDTRAIL_SAMPLES", matches = ".+")
  void realFilesAreReadWithoutAProblem() {
    RecordFiles.Totals totals = read(Path.of(System.getenv("CUSTODY_CLOUDTRAIL_SAMPLES")));
    assertThat(problems).isEmpty();
    assertThat(totals.read()).isPositive();
    assertThat(ids).hasSize((int) totals.read()).doesNotHaveDuplicates();
  }

  private RecordFiles.Totals read(Path... sources) {
    return RecordFiles.read(
        CloudTrailSource.SHAPE,
        List.of(sources),
        new ByteArrayInputStream(record("in").getBytes(StandardCharsets.UTF_8)),
        new RecordFiles.Sink() {
          @Override
          public void record(RecordFiles.Item item) {
            try {
              for (Event event : Sample.events(reader, item.record())) {
                if (event.body() instanceof Body.CloudCall) {
                  ids.add(String.valueOf(event.source().id()));
                }
              }
            } catch (BadInputException e) {
              problems.add(item.problem(e.getMessage()).toString());
            }
          }

          @Override
          public void problem(RecordFiles.Problem problem) {
            problems.add(problem.toString());
          }
        },
        (bytes, total) -> {
          lastProgress = bytes;
          lastTotal = total;
        });
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
