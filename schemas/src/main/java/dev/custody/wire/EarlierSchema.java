package dev.custody.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * A schema that earlier releases wrote in, and the way from it into the present one, by Avro's own
 * schema resolution. It costs a generic value in between, which only old records pay for.
 *
 * <p>Immutable, and safe for use by several threads.
 */
final class EarlierSchema {
  private final Schema schema;
  private final long fingerprint;
  private final GenericDatumWriter<Object> writer;
  private final ThreadLocal<GenericDatumReader<Object>> reader;

  EarlierSchema(Schema schema, Schema present) {
    GenericData data = new GenericData();
    data.setFastReaderEnabled(true);
    this.schema = schema;
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.writer = new GenericDatumWriter<>(present, data);
    this.reader = ThreadLocal.withInitial(() -> new GenericDatumReader<>(schema, present, data));
  }

  Schema schema() {
    return schema;
  }

  long fingerprint() {
    return fingerprint;
  }

  /** The record that {@code in} has in this schema, as it is in the present one. */
  Decoder toPresent(BinaryDecoder in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    writer.write(reader.get().read(null, in), encoder);
    encoder.flush();
    return DecoderFactory.get().binaryDecoder(out.toByteArray(), null);
  }
}
