package dev.custody.topology;

import dev.custody.wire.RecordFormat;
import dev.custody.wire.WireException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.NullUnmarked;

/** Kafka's way to read and write the records of a {@link RecordFormat}. */
@NullUnmarked // Kafka hands tombstones over as null.
final class RecordSerde {
  private RecordSerde() {}

  static <T> Serde<T> of(RecordFormat<T> format) {
    Serializer<T> serializer = (topic, value) -> value == null ? null : format.encode(value);
    Deserializer<T> deserializer =
        (topic, bytes) -> {
          try {
            return bytes == null ? null : format.decode(bytes);
          } catch (WireException e) {
            throw new SerializationException(topic + ": " + e.getMessage(), e);
          }
        };
    return Serdes.serdeFrom(serializer, deserializer);
  }
}
