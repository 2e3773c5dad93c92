package dev.custody.topology;

import dev.custody.log.LogRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Writes the value of a log record as it is; nothing in the graph reads one. */
final class LogRecordSerde implements Serde<LogRecord> {
  static final LogRecordSerde INSTANCE = new LogRecordSerde();

  private LogRecordSerde() {}

  @Override
  public Serializer<LogRecord> serializer() {
    return (topic, record) -> record.value();
  }

  @Override
  public Deserializer<LogRecord> deserializer() {
    return (topic, bytes) -> {
      throw new UnsupportedOperationException(topic + " is not read by the graph");
    };
  }
}
