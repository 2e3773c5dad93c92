package dev.custody.campaign;

import dev.custody.audit.RecordSource.Place;
import dev.custody.audit.TopicRecords;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The topics of the transparency logs, in memory; never changed, only copied. */
final class Topics implements TopicRecords {
  private final Map<Home, List<Said>> records;

  /** A partition of a topic. */
  record Home(Topic topic, int partition) {}

  /** A record; its value is never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Said(String key, byte[] value) {}

  Topics(Map<Home, List<Said>> records) {
    Map<Home, List<Said>> copy = new LinkedHashMap<>();
    records.forEach((home, said) -> copy.put(home, List.copyOf(said)));
    this.records = copy;
  }

  List<Said> of(Topic topic, int partition) {
    return records.getOrDefault(new Home(topic, partition), List.of());
  }

  /** The same with another content of one partition. */
  Topics with(Topic topic, int partition, List<Said> other) {
    Map<Home, List<Said>> copy = new LinkedHashMap<>(records);
    copy.put(new Home(topic, partition), new ArrayList<>(other));
    return new Topics(copy);
  }

  @Override
  public void read(Topic topic, int partition, Sink sink) throws IOException {
    List<Said> said = of(topic, partition);
    for (int i = 0; i < said.size(); i++) {
      sink.record(new Place(partition, i, null, 0), said.get(i).key(), said.get(i).value());
    }
  }
}
