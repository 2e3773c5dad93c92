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
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * One record type of the contract as Avro single-object encoding (Avro 1.12 specification,
 * "Single-object encoding"): two marker bytes {@code C3 01}, the CRC-64-AVRO fingerprint of the
 * writer's schema (little endian), then Avro binary.
 *
 * <p>The writer's schema always comes from this release, never from the data: the fingerprint is
 * not a cryptographic hash. Only the present schema is written. Of a record that is kept for ever a
 * release carries the schemas of earlier releases too, and reads what was written in one of them
 * into the present type, by Avro's schema resolution: a field that was not there yet has the
 * default of the present schema.
 *
 * <p>Bytes that are hashed or signed are the ones that were sent. What was decoded must never be
 * encoded again in order to compare it: an earlier record becomes a present one by that.
 *
 * <p>Instances are immutable and safe for use by several threads.
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

  /** Where the present schema is among {@link #schemas}. */
  static final int PRESENT = 0;

  /** In place of a schema's index: none of them. */
  static final int UNKNOWN = -1;

  static final int HEADER_BYTES = 10;

  private static final String KEPT =
      "a newer release wrote it or it is another record; try: a newer custody";
  private static final String DERIVED =
      "another release wrote it or it is another record;"
          + " try: rebuild what is derived (docs/operations.md)";
  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;
  private static final VarHandle FINGERPRINT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Its buffers cost more to make than a record to write. */
  private static final ThreadLocal<Writer> WRITER = ThreadLocal.withInitial(Writer::new);

  private final String name;
  private final Schema schema;
  private final long fingerprint;
  private final List<EarlierSchema> earlier;
  private final String hint;
  private final RecordMapping mapping;
  private final Class<T> type;

  private RecordFormat(Class<T> type, Schema schema, List<Schema> earlier, String hint) {
    this.type = type;
    this.name = schema.getName();
    this.schema = schema;
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.earlier = earlier.stream().map(e -> new EarlierSchema(e, schema)).toList();
    this.hint = hint;
    this.mapping = RecordMapping.of(schema, type);
  }

  /**
   * The format of {@code type}, a record that is derived and so is rebuilt when its schema changes.
   *
   * @param home the class that the schema's file lies beside
   * @param resource name of that file
   * @throws IllegalStateException when the schema is missing, or differs from the Java type
   */
  public static <T> RecordFormat<T> of(Class<T> type, Class<?> home, String resource) {
    return new RecordFormat<>(type, schema(home, resource), List.of(), DERIVED);
  }

  /**
   * The format of {@code type}, a record that is kept for ever.
   *
   * @param home the class that the schemas' files lie beside
   * @param resource name of the present schema's file
   * @param earlier names of the files of all schemas before it, the newest first
   * @throws IllegalStateException when a schema is missing, or the present one differs from the
   *     Java type
   */
  public static <T> RecordFormat<T> kept(
      Class<T> type, Class<?> home, String resource, String... earlier) {
    List<Schema> before = Stream.of(earlier).map(file -> schema(home, file)).toList();
    return new RecordFormat<>(type, schema(home, resource), before, KEPT);
  }

  private static Schema schema(Class<?> home, String resource) {
    try (InputStream in = home.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("schema " + resource + " is missing from the class path");
      }
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CRC-64-AVRO fingerprint of the present schema. */
  public long fingerprint() {
    return fingerprint;
  }

  /** CRC-64-AVRO fingerprints of the earlier schemas that are read, the newest first. */
  public List<Long> earlierFingerprints() {
    return earlier.stream().map(EarlierSchema::fingerprint).toList();
  }

  /** All schemas that are read: the present one, then the earlier ones, the newest first. */
  List<Schema> schemas() {
    return Stream.concat(Stream.of(schema), earlier.stream().map(EarlierSchema::schema)).toList();
  }

  /**
   * Which of {@link #schemas} the {@code length} bytes from {@code from} on are in, as their header
   * says; {@link #UNKNOWN} when they can be no record for their size, marker or fingerprint.
   */
  int schemaOf(byte[] bytes, int from, int length) {
    return length <= MAX_RECORD_BYTES
            && length >= HEADER_BYTES
            && bytes[from] == MARKER_0
            && bytes[from + 1] == MARKER_1
        ? indexOf((long) FINGERPRINT.get(bytes, from + 2))
        : UNKNOWN;
  }

  private int indexOf(long found) {
    if (found == fingerprint) {
      return PRESENT;
    }
    for (int i = 0; i < earlier.size(); i++) {
      if (earlier.get(i).fingerprint() == found) {
        return PRESENT + 1 + i;
      }
    }
    return UNKNOWN;
  }

  /** Encodes {@code value}. */
  public byte[] encode(T value) {
    Writer writer = WRITER.get();
    try {
      return writer.write(fingerprint, mapping, value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  /**
   * Decodes all of {@code bytes}, in whichever of the known schemas they are.
   *
   * @throws WireException when they are too many, another record's, damaged, or go on after the
   *     record
   */
  public T decode(byte[] bytes) throws WireException {
    int written = schemaOf(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    try {
      Decoder in =
          written == PRESENT ? decoder : earlier.get(written - PRESENT - 1).toPresent(decoder);
      T value = type.cast(Objects.requireNonNull(mapping.read(in)));
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

  private int schemaOf(byte[] bytes) throws WireException {
    if (bytes.length > MAX_RECORD_BYTES) {
      throw new WireException(
          name + ": expected at most " + MAX_RECORD_BYTES + " bytes, found " + bytes.length);
    }
    if (bytes.length < HEADER_BYTES || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
      throw new WireException(
          name + ": expected an Avro single-object header c301, found " + head(bytes));
    }
    long found = (long) FINGERPRINT.get(bytes, 2);
    int written = indexOf(found);
    if (written == UNKNOWN) {
      throw new WireException(
          "%s: expected schema %s, found %016x; %s".formatted(name, expected(), found, hint));
    }
    return written;
  }

  private String expected() {
    return LongStream.concat(
            LongStream.of(fingerprint), earlier.stream().mapToLong(EarlierSchema::fingerprint))
        .mapToObj("%016x"::formatted)
        .collect(Collectors.joining(" or the earlier "));
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

  /** What one thread writes with, one record after the other. */
  private static final class Writer {
    /** After a longer record the buffer is made anew. */
    private static final int MOST_KEPT = 64 << 10;

    private static final int AT_FIRST = 4 << 10;

    private ByteArrayOutputStream out = new ByteArrayOutputStream(AT_FIRST);
    private @Nullable BinaryEncoder encoder;

    byte[] write(long fingerprint, RecordMapping mapping, Object value) throws IOException {
      out.reset();
      out.writeBytes(
          ByteBuffer.allocate(HEADER_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(MARKER_0)
              .put(MARKER_1)
              .putLong(fingerprint)
              .array());
      // Made anew it forgets what a record that could not be written left in its buffer.
      encoder = EncoderFactory.get().binaryEncoder(out, encoder);
      mapping.write(value, encoder);
      encoder.flush();
      byte[] record = out.toByteArray();
      if (record.length > MOST_KEPT) {
        out = new ByteArrayOutputStream(AT_FIRST);
      }
      return record;
    }
  }
}
