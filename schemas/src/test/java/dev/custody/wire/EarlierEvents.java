package dev.custody.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Writes events as an earlier release would have written them. */
final class EarlierEvents {
  private EarlierEvents() {}

  /**
   * The event {@code present} in an earlier schema, without what that did not know; null when it
   * knew no such kind of body or symbol.
   */
  static byte @Nullable [] of(byte[] present, Schema earlier) {
    int header = RecordFormat.HEADER_BYTES;
    try {
      Object event =
          new GenericDatumReader<>(Formats.EVENT.schemas().get(RecordFormat.PRESENT), earlier)
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(present, header, present.length - header, null));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(header(earlier));
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<>(earlier).write(event, encoder);
      return out.toByteArray();
    } catch (AvroTypeException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a record in {@code schema} begins with. */
  static byte[] header(Schema schema) {
    return ByteBuffer.allocate(RecordFormat.HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xc3)
        .put((byte) 1)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }
}
