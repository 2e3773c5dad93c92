package dev.custody.source.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudTrailFilesTest {
  @TempDir private Path dir;
  private final List<CloudTrailFiles.Item> items = new ArrayList<>();
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
    CloudTrailFiles.Totals totals = read(plain, zipped);
    assertThat(problems).isEmpty();
    assertThat(totals).isEqualTo(new CloudTrailFiles.Totals(2, 4, 0));
    assertThat(items)
        .extracting(item -> item.record().path("eventID").asText())
        .containsExactly("a", "b", "a", "b");
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
    CloudTrailFiles.Totals totals = read(bad, good);
    assertThat(problems).containsExactly(bad + message);
    assertThat(totals).isEqualTo(new CloudTrailFiles.Totals(2, read + 1, 1));
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
    String large = "{\"a\":\"" + "x".repeat(CloudTrailFiles.LARGEST_RECORD) + "\"}";
    String deep = "[".repeat(200) + "]".repeat(200);
    CloudTrailFiles.Totals totals =
        read(
            write(
                "a.json",
                ("[" + large + "," + deep + "," + record("a") + "]")
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(totals.read()).isEqualTo(1);
    assertThat(problems.get(0)).endsWith(":1:2: a record larger than 1,048,576 bytes");
    assertThat(problems.get(1))
        .endsWith("a record nested deeper than 100, or with a number or key too long");
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
    assertThat(items)
        .extracting(item -> item.record().path("eventID").asText())
        .containsExactly("1", "2");
    assertThat(problems).containsExactly(dir.resolve("missing.json") + ": no such file");
  }

  @Test
  void standardInputIsReadWithoutATotal() {
    read(Path.of("-"));
    assertThat(items).hasSize(1);
    assertThat(lastTotal).isEmpty();
  }

  @Test
  void aRecordTellsWhatAttributionNeeds() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            CloudTrailFilesTest.class.getResourceAsStream("/cloudtrail/acme-incident.json"))) {
      read(write("acme.json", in.readAllBytes()));
    }
    assertThat(problems).isEmpty();
    assertThat(CloudTrailRecord.of(items.get(0).record()))
        .isEqualTo(
            new CloudTrailRecord(
                "0d1f7a52-5a4e-4a26-9a4e-000000000001",
                Instant.parse("2026-11-22T06:59:03Z"),
                "s3:DeleteBucket",
                "eu-west-1",
                "123456789012",
                "arn:aws:iam::123456789012:user/ci-deploy",
                "ci-deploy",
                "IAMUser",
                "AKIAHARNESSFAKE00001",
                null,
                null,
                "198.51.100.7",
                "[aws-cli/2.31.0]",
                null,
                null,
                List.of("arn:aws:s3:::acme-prod-builds"),
                false,
                null));
    assertThat(CloudTrailRecord.of(items.get(1).record()))
        .isEqualTo(
            new CloudTrailRecord(
                "0d1f7a52-5a4e-4a26-9a4e-000000000002",
                Instant.parse("2026-11-22T07:00:00Z"),
                "sts:AssumeRole",
                "eu-west-1",
                "210987654321",
                "arn:aws:sts::123456789012:assumed-role/Deploy/custody-7f3a",
                "custody-7f3a",
                "AssumedRole",
                "ASIAHARNESSFAKE00002",
                "Deploy/custody-7f3a",
                "dana",
                "198.51.100.7",
                "aws-cli/2.31.0",
                "AccessDenied",
                "denied",
                List.of("arn:aws:iam::123456789012:role/Admin"),
                true,
                "ASIAHARNESSFAKE00003"));
  }

  @Test
  void whatIsNoRecordIsRefused() throws IOException {
    assertThatThrownBy(() -> CloudTrailRecord.of(new ObjectMapper().readTree("{}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a CloudTrail record: a record without eventID");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CUSTODY_CLOUDTRAIL_SAMPLES", matches = ".+")
  void realFilesAreReadWithoutAProblem() {
    CloudTrailFiles.Totals totals = read(Path.of(System.getenv("CUSTODY_CLOUDTRAIL_SAMPLES")));
    assertThat(problems).isEmpty();
    assertThat(totals.read()).isPositive();
    for (CloudTrailFiles.Item item : items) {
      CloudTrailRecord record = CloudTrailRecord.of(item.record());
      assertThat(record.principalName()).isNotNull();
      assertThat(record.accountId()).isNotNull();
      assertThat("AssumedRole".equals(record.principalType()))
          .isEqualTo(record.roleSession() != null);
    }
  }

  private CloudTrailFiles.Totals read(Path... sources) {
    return CloudTrailFiles.read(
        List.of(sources),
        new ByteArrayInputStream(record("in").getBytes(StandardCharsets.UTF_8)),
        new CloudTrailFiles.Sink() {
          @Override
          public void record(CloudTrailFiles.Item item) {
            items.add(item);
          }

          @Override
          public void problem(CloudTrailFiles.Problem problem) {
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
