package dev.custody.topology;

import dev.custody.topic.Topic;
import dev.custody.wire.RecordFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** How stores and topics of the graph are made, wherever in it they are. */
final class Wiring {
  static final Serde<String> TEXT = Serdes.String();

  final StreamsBuilder builder = new StreamsBuilder();
  private final int partitions;

  Wiring(int partitions) {
    this.partitions = partitions;
  }

  <V> Repartitioned<String, V> repartitioned(String name, Serde<V> serde) {
    return Repartitioned.<String, V>as(name)
        .withKeySerde(TEXT)
        .withValueSerde(serde)
        .withNumberOfPartitions(partitions);
  }

  <K, V> void store(String name, Serde<K> key, Serde<V> value) {
    builder.addStateStore(stored(name, key, value));
  }

  /** One whose rows change several times between commits: the last change is what is kept. */
  <K, V> void changingStore(String name, Serde<K> key, Serde<V> value) {
    builder.addStateStore(stored(name, key, value).withCachingEnabled());
  }

  private static <K, V> StoreBuilder<KeyValueStore<K, V>> stored(
      String name, Serde<K> key, Serde<V> value) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
        .withLoggingEnabled(changelog());
  }

  private static Map<String, String> changelog() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("max.message.bytes", Integer.toString(Topic.MAX_MESSAGE_BYTES));
    return settings;
  }

  static <T> Serde<T> serde(RecordFormat<T> format) {
    return RecordSerde.of(format);
  }
}
