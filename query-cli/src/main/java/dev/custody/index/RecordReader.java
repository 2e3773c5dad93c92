package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what Kafka holds into the store. What is damaged is named in the log and left out. */
final class RecordReader {
  private static final Logger log = LoggerFactory.getLogger(RecordReader.class);

  private final EventIndex index;

  RecordReader(EventIndex index) {
    this.index = index;
  }

  void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() == null) {
        throw new IOException("expected a value, found none");
      }
      put(record);
    } catch (WireException | IOException | IllegalArgumentException e) {
      log.warn(
          "{} partition {} offset {} is damaged and was left out: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }

  private void put(ConsumerRecord<byte[], byte[]> record) throws WireException, IOException {
    if (record.topic().equals(Topic.ATTRIBUTED.topicName())) {
      Attribution event = Formats.ATTRIBUTION.decode(record.value());
      index.add(event, record.value());
    } else if (record.topic().equals(Topic.TRACES.topicName())) {
      TraceEdge edge = Formats.EDGE.decode(record.value());
      index.add(edge, record.value());
    } else {
      index.addFinding(findingId(record), record.value());
    }
  }

  private static String findingId(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.key() == null || record.key().length == 0) {
      throw new IOException("expected the finding id as key, found none");
    }
    return new String(record.key(), StandardCharsets.UTF_8);
  }
}
