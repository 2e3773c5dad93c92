package dev.custody.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferInputStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.xerial.snappy.SnappyError;
import org.xerial.snappy.SnappyInputStream;

/**
 * All that a directory's files hold: their bytes, what is compressed in them - whatever wrote it,
 * if it begins with its format's magic -, and what Lucene packs in its own way.
 */
final class DiskReading {
  private static final int LONGEST = 64 << 20;

  /** How each format begins that Kafka writes. */
  private static final Map<CompressionType, byte[]> MAGIC =
      Map.of(
          CompressionType.GZIP, new byte[] {0x1f, (byte) 0x8b, 8},
          CompressionType.LZ4, new byte[] {4, 0x22, 0x4d, 0x18},
          CompressionType.ZSTD, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
          CompressionType.SNAPPY, new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0});

  private final BiConsumer<String, byte[]> reader;
  private int streams;

  /** Hands place and content to {@code reader}. */
  DiskReading(BiConsumer<String, byte[]> reader) {
    this.reader = reader;
  }

  /** How many compressed streams were read so far. */
  int streams() {
    return streams;
  }

  /** Reads every file below {@code root}, which nothing may be writing to. */
  void below(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      String place = root.relativize(file).toString();
      reader.accept(place, bytes);
      compressed(place, bytes);
      if (file.getFileName().toString().startsWith("segments_")) {
        index(file.resolveSibling(""), place);
      }
    }
  }

  private void compressed(String place, byte[] bytes) {
    MAGIC.forEach((type, magic) -> {
      for (int at = 0; at + magic.length < bytes.length; at++) {
        if (begins(bytes, at, magic)) {
          byte[] inside = inflated(type, bytes, at);
          streams += inside.length > 0 ? 1 : 0;
          reader.accept("%s, %s at %d".formatted(place, type, at), inside);
        }
      }
    });
  }

  private static boolean begins(byte[] bytes, int at, byte[] magic) {
    for (int i = 0; i < magic.length; i++) {
      if (bytes[at + i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** As much as can be read: it has no end of its own in a file of batches. */
  private static byte[] inflated(CompressionType type, byte[] bytes, int at) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer rest = ByteBuffer.wrap(bytes, at, bytes.length - at).slice();
    try (InputStream in = stream(type, rest)) {
      for (int read = in.read(); read >= 0 && out.size() < LONGEST; read = in.read()) {
        out.write(read);
      }
    } catch (IOException | RuntimeException | SnappyError e) {
      return out.toByteArray(); // Whatever follows is not of this stream.
    }
    return out.toByteArray();
  }

  private static InputStream stream(CompressionType type, ByteBuffer bytes) throws IOException {
    // Kafka's own reads ahead, and loses what it has when that is no chunk.
    return type == CompressionType.SNAPPY
        ? new SnappyInputStream(new ByteBufferInputStream(bytes))
        : Compression.of(type)
            .build()
            .wrapForInput(bytes, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING);
  }

  private void index(Path directory, String place) throws IOException {
    try (DirectoryReader index = DirectoryReader.open(FSDirectory.open(directory))) {
      for (LeafReaderContext leaf : index.leaves()) {
        stored(leaf.reader(), place);
        for (FieldInfo field : leaf.reader().getFieldInfos()) {
          terms(leaf.reader().terms(field.name), place + ", terms of " + field.name);
        }
      }
    }
  }

  private void stored(LeafReader leaf, String place) throws IOException {
    for (int document = 0; document < leaf.maxDoc(); document++) {
      for (IndexableField field : leaf.storedFields().document(document)) {
        BytesRef binary = field.binaryValue();
        String text = field.stringValue();
        byte[] bytes =
            binary != null
                ? BytesRef.deepCopyOf(binary).bytes
                : text == null
                    ? new byte[0]
                    : text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        reader.accept(place + ", stored " + field.name(), bytes);
      }
    }
  }

  private void terms(@org.jspecify.annotations.Nullable Terms terms, String place)
      throws IOException {
    if (terms == null) {
      return;
    }
    List<BytesRef> all = new ArrayList<>();
    int length = 0;
    TermsEnum each = terms.iterator();
    for (BytesRef term = each.next(); term != null; term = each.next()) {
      all.add(BytesRef.deepCopyOf(term));
      length += term.length + 1;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    all.forEach(term -> joined.put(term.bytes, term.offset, term.length).put((byte) 0));
    reader.accept(place, joined.array());
  }
}
