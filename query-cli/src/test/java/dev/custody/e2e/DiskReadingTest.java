package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hunt sees what it has to see. */
class DiskReadingTest {
  private static final String SECRET = "pwQ7rT2mX9kL4vB8nZ1c";
  private static final SecretGrams GRAMS = new SecretGrams(Map.of(SECRET, "planted"), List.of());

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aSecretInACompressedBatchAmongOthersIsSeen(CompressionType type) throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    byte[] noise = new byte[10_000];
    new Random(7).nextBytes(noise);
    file.write(noise);
    file.write(compressed(type, "a ".repeat(5_000) + SECRET + " b".repeat(5_000)));
    file.write(noise);
    var _ = Files.write(directory.resolve("00000.log"), file.toByteArray());
    assertThat(found()).anyMatch(place -> place.startsWith("00000.log, " + type));
  }

  @Test
  void aSecretThatTheIndexKeepsInItsOwnPackingIsSeen() throws Exception {
    try (IndexWriter writer =
        new IndexWriter(FSDirectory.open(directory.resolve("index")), new IndexWriterConfig())) {
      for (int i = 0; i < 200; i++) {
        Document document = new Document();
        document.add(
            new StringField("of", "common text " + (i == 77 ? SECRET : i), Field.Store.YES));
        writer.addDocument(document);
      }
    }
    assertThat(found())
        .anyMatch(place -> place.contains("stored of"))
        .anyMatch(place -> place.contains("terms of of"));
  }

  @Test
  void aPartOfASecretIsSeenInAnyOfItsForms() {
    String base64 = Base64.getEncoder().encodeToString(("ab" + SECRET + "cd").getBytes(UTF_8));
    for (String text :
        List.of(SECRET.substring(3), "x" + SECRET.toLowerCase(java.util.Locale.ROOT), base64)) {
      assertThat(GRAMS.in(text.getBytes(UTF_8))).as(text).isNotEmpty();
    }
    assertThat(GRAMS.in(SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_16LE))).isNotEmpty();
    assertThat(GRAMS.in("pwQ7rT2mX9k and nothing else of it".getBytes(UTF_8))).isEmpty();
  }

  private Set<String> found() throws Exception {
    Set<String> places = new TreeSet<>();
    new DiskReading(
            (place, bytes) -> {
              if (!GRAMS.in(bytes).isEmpty()) {
                places.add(place);
              }
            })
        .below(directory);
    return places;
  }

  private static byte[] compressed(CompressionType type, String text) throws Exception {
    try (ByteBufferOutputStream bytes = new ByteBufferOutputStream(1 << 16)) {
      try (OutputStream out =
          Compression.of(type).build().wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2)) {
        out.write(text.getBytes(UTF_8));
      }
      byte[] written = new byte[bytes.position()];
      bytes.buffer().flip().get(written);
      return written;
    }
  }
}
