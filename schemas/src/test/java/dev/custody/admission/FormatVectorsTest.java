package dev.custody.admission;

import static dev.custody.admission.VectorFiles.DIRECTORY;
import static dev.custody.admission.VectorFiles.hex;
import static dev.custody.admission.VectorFiles.read;
import static dev.custody.admission.VectorFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Judges every record of {@code src/test/resources/vectors} twice: with {@link ReferenceVerifier},
 * which knows the JDK only, and with the product's classes. {@code docs/format.md} explains the
 * files; {@link HashVectorsTest} has the hashes.
 *
 * <p>A vector that changes is a change of the format. {@code -Dcustody.vectors.write=true} writes
 * the files anew.
 */
class FormatVectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static byte @Nullable [] hexOrNull(JsonNode node) {
    return node.isNull() ? null : hex(node);
  }

  private static Bytes rootOf(JsonNode vector) {
    String line = vector.path("root").asText();
    assertThat(line).startsWith("custody-root-v1 ");
    return new Bytes(Base64.getDecoder().decode(line.substring("custody-root-v1 ".length())));
  }

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVectors() throws Exception {
    for (Map.Entry<String, ObjectNode> file : VectorFiles.all().entrySet()) {
      ObjectNode vector = file.getValue();
      Verdict verdict = product(vector);
      vector.put("admitted", verdict.admitted());
      if (!(verdict instanceof Verdict.Malformed)) {
        vector.put("detail", verdict.detail());
      }
      write(file.getKey(), vector);
    }
    write("chain.json", chainFile());
  }

  private static ObjectNode chainFile() {
    ObjectNode file = JSON.createObjectNode();
    file.put("root", TrustedRoots.fileText(VectorChain.ROOT.publicKey()).strip());
    file.put("collectorPublicKey", VectorChain.COLLECTOR.publicKey().hex());
    ArrayNode records = file.putArray("records");
    for (Envelope envelope : VectorChain.chain()) {
      VectorFiles.Stored stored = VectorFiles.stored(envelope);
      records
          .addObject()
          .put("key", envelope.chain().hex())
          .put("timestamp", stored.timestamp())
          .put("value", new Bytes(Formats.ENVELOPE.encode(envelope)).hex())
          .put("event", envelope.event().hex())
          .put("link", VectorChain.hash(envelope).hex())
          .put("verdict", "Intact");
    }
    return file;
  }

  @Test
  void theWholeChainVerifiesFromItsGenesisOn() throws Exception {
    JsonNode vector = read("chain.json");
    ReferenceVerifier reference = new ReferenceVerifier(rootOf(vector).toByteArray());
    Admission admission = admission(rootOf(vector));
    List<Envelope> made = VectorChain.chain();
    assertThat(vector.path("records").size()).isEqualTo(3).isEqualTo(made.size());
    for (int i = 0; i < made.size(); i++) {
      JsonNode record = vector.path("records").get(i);
      byte[] key = hex(record.path("key"));
      byte[] value = hex(record.path("value"));
      long timestamp = record.path("timestamp").longValue();
      assertThat(reference.admit(key, value, timestamp)).isEqualTo("Intact");
      Admission.Result result = admission.admit(key, value, timestamp);
      assertThat(result.verdict().name()).isEqualTo("Intact");
      assertThat(Formats.ENVELOPE.encode(made.get(i))).as("sealed again").isEqualTo(value);
      assertThat(VectorChain.hash(made.get(i)).hex()).isEqualTo(record.path("link").asText());
      Event event = Formats.EVENT.decode(hex(record.path("event")));
      assertThat(Formats.EVENT.encode(event)).isEqualTo(hex(record.path("event")));
    }
  }

  private static Admission admission(Bytes root) {
    return new Admission(new ChainVerifier(new TrustedRoots(List.of(root)), new InMemoryChains()));
  }

  private static Verdict product(JsonNode vector) {
    Admission admission = admission(rootOf(vector));
    for (JsonNode record : vector.path("before")) {
      assertThat(
              admission
                  .admit(
                      hexOrNull(record.path("key")),
                      hexOrNull(record.path("value")),
                      record.path("timestamp").longValue())
                  .verdict()
                  .admitted())
          .isTrue();
    }
    JsonNode record = vector.path("record");
    return admission
        .admit(
            hexOrNull(record.path("key")),
            hexOrNull(record.path("value")),
            record.path("timestamp").longValue())
        .verdict();
  }

  private static String reference(JsonNode vector) {
    ReferenceVerifier verifier = new ReferenceVerifier(rootOf(vector).toByteArray());
    for (JsonNode record : vector.path("before")) {
      verifier.admit(
          hexOrNull(record.path("key")),
          hexOrNull(record.path("value")),
          record.path("timestamp").longValue());
    }
    JsonNode record = vector.path("record");
    return verifier.admit(
        hexOrNull(record.path("key")),
        hexOrNull(record.path("value")),
        record.path("timestamp").longValue());
  }

  private static List<Path> verdictFiles() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      List<String> others =
          List.of("chain.json", "hashes.json", "merkle.json", "delegation.json", "revocation.json");
      return files
          .filter(Files::isRegularFile)
          .filter(f -> f.toString().endsWith(".json"))
          .filter(f -> !others.contains(f.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyVerdictIsTheOneInItsFile() throws Exception {
    return verdictFiles().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  JsonNode vector = JSON.readTree(Files.readAllBytes(file));
                  Verdict verdict = product(vector);
                  assertThat(verdict.name()).isEqualTo(vector.path("verdict").asText());
                  assertThat(verdict.admitted()).isEqualTo(vector.path("admitted").booleanValue());
                  if (vector.has("detail")) {
                    assertThat(verdict.detail()).isEqualTo(vector.path("detail").asText());
                  }
                  assertThat(reference(vector)).isEqualTo(verdict.name());
                }));
  }

  @Test
  void everyVerdictHasAFile() throws Exception {
    TreeSet<String> named = new TreeSet<>();
    for (Path file : verdictFiles()) {
      named.add(JSON.readTree(Files.readAllBytes(file)).path("verdict").asText());
    }
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Verdict.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }
}
