package dev.custody.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.tlog.Tile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tree says after it was opened again on the state that another run of it left. */
class LogRestartTest {
  @TempDir Path directory;
  private KeyValueStore<Bytes, byte[]> store;
  private final List<Tile> full = new ArrayList<>();

  @BeforeEach
  void open() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    MockProcessorContext<Void, Void> context =
        new MockProcessorContext<>(
            settings, new org.apache.kafka.streams.processor.TaskId(0, 0), directory.toFile());
    store =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(LogProcessor.STORE),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private LogTree tree() throws LogTree.DamagedException {
    return new LogTree(new TreeStore(store), (tile, bytes) -> full.add(tile));
  }

  private static byte[] entry(long index) {
    return ("entry " + index).getBytes(StandardCharsets.UTF_8);
  }

  private static void grow(LogTree tree, long size) {
    while (tree.size() < size) {
      byte[] entry = entry(tree.size());
      tree.append(entry, MerkleTree.leaf(entry));
    }
  }

  private static Digest root(int size) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(MerkleTree.leaf(entry(i)));
    }
    return MerkleTree.root(leaves);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537})
  void aTreeOfAnySizeIsTheSameAfterARestart(int size) throws Exception {
    grow(tree(), size);
    LogTree again = tree();
    assertThat(again.size()).isEqualTo(size);
    assertThat(again.root()).isEqualTo(root(size));
    assertThat(again.openEntries()).hasSize(size % 256);
    grow(again, size + 300);
    assertThat(again.root()).isEqualTo(root(size + 300));
  }

  @Test
  void everyFullTileIsGivenOnceAcrossRestartsAtAnyPoint() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    Random random = new Random(seed);
    long size = 0;
    while (size < 70_000) {
      size += random.nextInt(3000);
      grow(tree(), size);
    }
    List<Tile> expected = new ArrayList<>();
    for (int level = Tile.ENTRIES; Tile.hashes(level, size) >= Tile.FULL; level++) {
      for (long index = 0; index < Tile.hashes(level, size) / Tile.FULL; index++) {
        expected.add(new Tile(level, index, Tile.FULL));
      }
    }
    assertThat(full).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void theLastCheckpointIsRecomputedFromAnyLaterTree() throws Exception {
    LogTree tree = tree();
    for (int made : new int[] {1, 768, 1500, 2304, 4000}) {
      grow(tree, made);
      tree.checkpointMade("test/0/0");
      grow(tree, made + 700);
      tree = tree();
      TreeStore.Made last = tree.made();
      assertThat(last).isNotNull();
      assertThat(tree.recompute(java.util.Objects.requireNonNull(last))).isEqualTo(root(made));
      assertThat(tree.root()).isEqualTo(root(made + 700));
    }
  }

  @Test
  void aChangedEntryOfTheOpenTileIsNoticed() throws Exception {
    LogTree tree = tree();
    grow(tree, 10);
    tree.checkpointMade("test/0/0");
    grow(tree, 300);
    TreeStore slots = new TreeStore(store);
    slots.putSlot(1, 0, MerkleTree.leaf(entry(7)).toByteArray());
    LogTree again = tree();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> again.recompute(java.util.Objects.requireNonNull(again.made())))
        .isInstanceOf(LogTree.DamagedException.class)
        .hasMessage(
            "expected the tree of size 300 to continue the checkpoint at 10, found another");
  }

  @Test
  void aMissingSlotIsNoticed() throws Exception {
    grow(tree(), 300);
    store.delete(Bytes.wrap(new byte[] {'s', 0, 3}));
    org.assertj.core.api.Assertions.assertThatThrownBy(this::tree)
        .isInstanceOf(LogTree.DamagedException.class)
        .hasMessageContaining("expected hash 259 of level 0 in the store of a log of size 300");
  }
}
