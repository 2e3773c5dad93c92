package dev.custody.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The log is kept for ever: what a release wrote in it, every later one reads. */
class SchemaEvolutionTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());
  private static final Path WRITTEN = Path.of("src/test/resources/vectors/schemas.txt");
  private static final Map<String, RecordFormat<?>> KEPT = new LinkedHashMap<>();

  static {
    KEPT.put("envelope.avsc", Formats.ENVELOPE);
    KEPT.put("event.avsc", Formats.EVENT);
    KEPT.put("certificate.avsc", Formats.CERTIFICATE);
    KEPT.put("signed-certificate.avsc", Formats.SIGNED_CERTIFICATE);
  }

  /** Fingerprints of the schemas that {@code file} has had, the oldest first. */
  private static List<String> written(String file) throws IOException {
    return Files.readAllLines(WRITTEN).stream()
        .filter(line -> line.startsWith(file + " "))
        .map(line -> line.substring(file.length() + 1))
        .toList();
  }

  private static String hex(long fingerprint) {
    return "%016x".formatted(fingerprint);
  }

  @TestFactory
  Stream<DynamicTest> everySchemaThatTheLogWasWrittenInIsRead() {
    return KEPT.entrySet().stream()
        .map(kept ->
            DynamicTest.dynamicTest(
                kept.getKey(), () -> isReadInEverySchema(kept.getKey(), kept.getValue())));
  }

  private static void isReadInEverySchema(String file, RecordFormat<?> format) throws IOException {
    List<String> written = written(file);
    String present = hex(format.fingerprint());
    String name = file.replace(".avsc", "");
    assertThat(present)
        .as(
            "%1$s.avsc is another schema than before, and the log holds records in that one."
                + " Keep it: put %1$s.avsc as it was before the change (git show HEAD:./%1$s.avsc)"
                + " beside it as earlier/%1$s-%2$d.avsc, name that in Formats as the first of its"
                + " earlier ones, give each new field a default, and add the line '%1$s.avsc %3$s'"
                + " to %4$s and to docs/format.md",
            name, written.size(), present, WRITTEN)
        .isEqualTo(written.getLast());
    Stream<Long> earlier = format.earlierFingerprints().reversed().stream();
    assertThat(Stream.concat(earlier, Stream.of(format.fingerprint())).map(one -> hex(one)))
        .as(
            "the log holds records in every schema of %2$s, and Formats does not read them all:"
                + " restore the missing one as earlier/%1$s-N.avsc and name it in Formats",
            name, WRITTEN)
        .isEqualTo(written);
  }

  @Test
  void theListNamesNoOtherFile() throws Exception {
    assertThat(Files.readAllLines(WRITTEN))
        .allMatch(line -> line.startsWith("#") || KEPT.containsKey(line.split(" ", 2)[0]));
  }

  @Test
  void thePresentSchemaReadsEveryEarlierOne() {
    KEPT.forEach((file, format) -> {
      Schema present = format.schemas().get(RecordFormat.PRESENT);
      for (Schema earlier : format.schemas()) {
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(present, earlier);
        assertThat(compatibility.getType())
            .as(
                "%s cannot read schema %s: give each new field a default, and take no field, kind"
                    + " or symbol away; %s",
                file,
                hex(SchemaNormalization.parsingFingerprint64(earlier)),
                compatibility.getResult().getIncompatibilities())
            .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
      }
    });
  }

  @Test
  void nothingOfAnEarlierEventIsLost() throws Exception {
    List<Schema> schemas = Formats.EVENT.schemas();
    for (Schema earlier : schemas.subList(1, schemas.size())) {
      int read = 0;
      for (int round = 0; round < 5_000; round++) {
        byte[] present = Formats.EVENT.encode(new RandomRecords(SEED + round).of(Event.class));
        byte[] written = EarlierEvents.of(present, earlier);
        if (written != null) {
          byte[] again = Formats.EVENT.encode(Formats.EVENT.decode(written));
          assertThat(EarlierEvents.of(again, earlier))
              .as("seed %d", SEED + round)
              .isEqualTo(written);
          read++;
        }
      }
      assertThat(read).as("seed %d", SEED).isGreaterThan(1_000);
    }
  }
}
