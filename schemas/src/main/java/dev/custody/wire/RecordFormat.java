package dev.custody.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * One record type of the contract as Avro single-object encoding (Avro 1.12 specification,
 * "Single-object encoding"): two marker bytes {@code C3 01}, the CRC-64-AVRO fingerprint of the
 * writer's schema (little endian), then Avro binary.
 *
 * <p>The writer's schema always comes from this release, never from the data: the fingerprint is
 * not a cryptographic hash. Instances are immutable and safe for use by several threads.
 *
 * @param <T> the Java record
 */
public final class RecordFormat<T> {
  /**
   * Largest encoded record that is looked at, in bytes; an event itself is at most {@link
   * Formats#MAX_EVENT_BYTES}.
   */
  public static final int MAX_RECORD_BYTES = 2 << 20;

  static {
    // Hostile lengths are refused before anything is allocated; Avro reads these once, when its
    // decoder class is loaded.
    System.setProperty(
        "org.apache.avro.limits.bytes.maxLength", Integer.toString(MAX_RECORD_BYTES));
    System.setProperty(
        "org.apache.avro.limits.string.maxLength", Integer.toString(MAX_RECORD_BYTES));
    System.setProperty("org.apache.avro.limits.collectionItems.maxLength", "65536");
  }

  static final int HEADER_BYTES = 10;
  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;
  private static final VarHandle FINGERPRINT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final Schema schema;
  private final long fingerprint;
  private final RecordMapping mapping;
  private final Class<T> type;
  private final GenericDatumWriter<Object> writer;
  private final ThreadLocal<GenericDatumReader<Object>> reader;

  private RecordFormat(Class<T> type, Schema schema) {
    this.type = type;
    this.name = schema.getName();
    this.schema = schema;
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.mapping = RecordMapping.of(schema, type);
    GenericData data = new GenericData();
    data.setFastReaderEnabled(true);
    this.writer = new GenericDatumWriter<>(schema, data);
    this.reader = ThreadLocal.withInitial(() -> new GenericDatumReader<>(schema, schema, data));
  }

  /**
   * The format of {@code type}.
   *
   * @param home the class that the schema's file lies beside
   * @param resource name of that file
   * @throws IllegalStateException when the schema is missing, or differs from the Java type
   */
  public static <T> RecordFormat<T> of(Class<T> type, Class<?> home, String resource) {
    try (InputStream in = home.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("schema " + resource + " is missing from the class path");
      }
      return new RecordFormat<>(type, new Schema.Parser().parse(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CRC-64-AVRO fingerprint of the schema. */
  public long fingerprint() {
    return fingerprint;
  }

  Schema schema() {
    return schema;
  }

  /** Whether {@code length} bytes from {@code from} on may be a record: size, marker, schema. */
  boolean hasHeader(byte[] bytes, int from, int length) {
    return length <= MAX_RECORD_BYTES
        && length >= HEADER_BYTES
        && bytes[from] == MARKER_0
        && bytes[from + 1] == MARKER_1
        && (long) FINGERPRINT.get(bytes, from + 2) == fingerprint;
  }

  /** Encodes {@code value}. */
  public byte[] encode(T value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(
        ByteBuffer.allocate(HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MARKER_0)
            .put(MARKER_1)
            .putLong(fingerprint)
            .array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writer.write(mapping.toAvro(value), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  /**
   * Decodes all of {@code bytes}.
   *
   * @throws WireException when they are too many, another record's, damaged, or go on after the
   *     record
   */
  public T decode(byte[] bytes) throws WireException {
    checkHeader(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    try {
      T value =
          type.cast(Objects.requireNonNull(mapping.fromAvro(reader.get().read(null, decoder))));
      if (!decoder.isEnd()) {
        throw new WireException(name + ": expected the end of the record, found more bytes");
      }
      return value;
    } catch (IOException | RuntimeException e) {
      // Avro reports damage by several unrelated runtime exceptions; none of them may reach a
      // caller.
      throw new WireException(name + " does not decode: " + describe(e), e);
    }
  }

  private void checkHeader(byte[] bytes) throws WireException {
    if (bytes.length > MAX_RECORD_BYTES) {
      throw new WireException(
          name + ": expected at most " + MAX_RECORD_BYTES + " bytes, found " + bytes.length);
    }
    if (bytes.length < HEADER_BYTES || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
      throw new WireException(
          name + ": expected an Avro single-object header c301, found " + head(bytes));
    }
    long found = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    if (found != fingerprint) {
      throw new WireException(
          "%s: expected schema %016x, found %016x; it is another record or another release's"
              .formatted(name, fingerprint, found));
    }
  }

  private static String head(byte[] bytes) {
    return bytes.length == 0
        ? "nothing"
        : HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 10));
  }

  private static String describe(Exception e) {
    String message = e.getMessage();
    String kind = e instanceof AvroRuntimeException ? "" : e.getClass().getSimpleName() + " ";
    return kind + (message == null ? "" : message);
  }
}
