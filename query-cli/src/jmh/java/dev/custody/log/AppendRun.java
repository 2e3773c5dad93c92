package dev.custody.log;

import dev.custody.digest.Digest;
import dev.custody.merkle.Frontier;
import dev.custody.merkle.MerkleTree;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What appending to the log costs: the bare tree, the tree of the processor in its RocksDB store
 * with tiles made, and a root after each append. Without the changelog, which Kafka's producer
 * writes. Arguments: a directory, and the number of entries.
 */
public final class AppendRun {
  private AppendRun() {}

  /** Runs each twice; the first time warms up. */
  public static void main(String[] arguments) throws Exception {
    int entries = Integer.parseInt(arguments[1]);
    Digest leaf = MerkleTree.leaf(new byte[104]);
    for (int round = 0; round < 2; round++) {
      Frontier bare = Frontier.empty();
      print("bare tree", entries, () -> bare.append(leaf));
      Frontier rooted = Frontier.empty();
      print(
          "bare tree, root after each",
          entries,
          () -> {
            rooted.append(leaf);
            Digest _ = rooted.root();
          });
      KeyValueStore<Bytes, byte[]> store = store(Path.of(arguments[0]).resolve("round-" + round));
      long[] tiles = new long[1];
      LogTree tree = new LogTree(new TreeStore(store), (tile, bytes) -> tiles[0]++);
      byte[] entry = new byte[104];
      print("log in its store", entries, () -> tree.append(entry, leaf));
      store.close();
    }
  }

  private static KeyValueStore<Bytes, byte[]> store(Path directory) throws Exception {
    Files.createDirectories(directory);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    MockProcessorContext<Void, Void> context =
        new MockProcessorContext<>(settings, new TaskId(0, 0), directory.toFile());
    KeyValueStore<Bytes, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(LogProcessor.STORE),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    return store;
  }

  private static void print(String what, int entries, Runnable append) {
    long before = cpuNanos();
    for (int i = 0; i < entries; i++) {
      append.run();
    }
    System.out.printf(
        "%-28s %.2f microseconds of processor time an entry%n",
        what, (cpuNanos() - before) / 1000.0 / entries);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
