package dev.custody.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Bytes;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The files of {@code src/test/resources/vectors/tlog}: well-formed ones are read and written back,
 * malformed ones, each named for its defect, are refused with exactly the message that they hold.
 * {@code docs/tlog.md} explains them. {@code -Dcustody.vectors.write=true} writes them anew.
 */
class TlogVectorsTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/vectors/tlog");

  @Test
  @EnabledIfSystemProperty(named = "custody.vectors.write", matches = "true")
  void writeTheVectors() throws IOException {
    for (Map.Entry<String, ObjectNode> file : TlogVectors.all().entrySet()) {
      ObjectNode vector = file.getValue();
      if (isMalformed(file.getKey())) {
        vector.put("error", refusal(vector));
      }
      Path path = DIRECTORY.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, TlogVectors.JSON.writeValueAsString(vector) + "\n");
    }
  }

  private static boolean isMalformed(String name) {
    return name.contains("malformed/");
  }

  private static byte[] bytes(JsonNode vector) {
    return vector.has("hex")
        ? HexFormat.of().parseHex(vector.path("hex").textValue())
        : vector.path("text").textValue().getBytes(StandardCharsets.UTF_8);
  }

  private static String refusal(JsonNode vector) {
    try {
      parsed(vector);
    } catch (NoteException | TlogException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("read, though malformed: " + vector);
  }

  /** What comes of reading the vector and writing it back. */
  private static byte[] parsed(JsonNode vector) throws NoteException, TlogException {
    byte[] bytes = bytes(vector);
    String text = vector.path("text").asText();
    int width = vector.path("width").asInt();
    return switch (vector.path("kind").asText()) {
      case "note" -> SignedNote.parse(bytes).encode();
      case "checkpoint" -> Checkpoint.parse(text).text().getBytes(StandardCharsets.UTF_8);
      case "vkey" -> VerifierKey.parse(text).toString().getBytes(StandardCharsets.UTF_8);
      case "tile-path" -> Tile.parse(text).path().getBytes(StandardCharsets.UTF_8);
      case "tile" -> HashTile.encode(HashTile.parse(bytes, width));
      case "entry-bundle" ->
          EntryBundle.encode(
              EntryBundle.parse(bytes, width).stream().map(Bytes::toByteArray).toList());
      case "proof" -> TlogProof.parse(bytes).encode();
      case "add-checkpoint" -> AddCheckpoint.parse(bytes).encode();
      case "policy" -> WitnessPolicy.parse(bytes).encode();
      default -> throw new AssertionError("no such kind: " + vector);
    };
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> DIRECTORY.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static JsonNode read(String file) throws IOException {
    return TlogVectors.JSON.readTree(Files.readAllBytes(DIRECTORY.resolve(file)));
  }

  @TestFactory
  Stream<DynamicTest> everyMalformedFileIsRefusedWithItsMessage() throws IOException {
    return files().stream()
        .filter(TlogVectorsTest::isMalformed)
        .map(file ->
            DynamicTest.dynamicTest(
                file,
                () -> {
                  JsonNode vector = read(file);
                  assertThat(refusal(vector)).isEqualTo(vector.path("error").asText());
                }));
  }

  @TestFactory
  Stream<DynamicTest> everyWellFormedFileIsReadAndWrittenBack() throws IOException {
    return files().stream()
        .filter(file -> !isMalformed(file))
        .map(file ->
            DynamicTest.dynamicTest(
                file,
                () -> {
                  JsonNode vector = read(file);
                  byte[] written = parsed(vector);
                  if (file.startsWith("policy/")) {
                    // Comments and spaces mean nothing and are not kept.
                    assertThat(WitnessPolicy.parse(written))
                        .isEqualTo(WitnessPolicy.parse(bytes(vector)));
                  } else if (file.endsWith("extension-line.json")) {
                    assertThat(vector.path("text").asText()).startsWith(text(written));
                  } else {
                    assertThat(text(written)).isEqualTo(text(bytes(vector)));
                    assertThat(written).isEqualTo(bytes(vector));
                  }
                }));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theFilesAreThoseThatAreMade() throws IOException {
    Map<String, ObjectNode> made = TlogVectors.all();
    assertThat(files()).containsExactlyElementsOf(new TreeSet<>(made.keySet()));
    for (Map.Entry<String, ObjectNode> file : made.entrySet()) {
      JsonNode vector = read(file.getKey());
      if (vector.has("error")) {
        ((ObjectNode) vector).remove("error");
      }
      assertThat(vector.toString()).as(file.getKey()).isEqualTo(file.getValue().toString());
    }
  }

  @Test
  void everyMalformedFileHasAnInputOfItsOwn() throws IOException {
    TreeSet<String> inputs = new TreeSet<>();
    for (String file : files()) {
      JsonNode vector = read(file);
      String input =
          vector.path("kind").asText()
              + vector.path("width").asInt()
              + HexFormat.of().formatHex(bytes(vector));
      assertThat(inputs.add(input)).as(file).isTrue();
    }
  }
}
