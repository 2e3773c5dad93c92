package dev.custody.topology;

import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.chain.Link;
import dev.custody.digest.Digest;
import dev.custody.log.LogKeys;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.merkle.MerkleTree;
import dev.custody.note.Checkpoint;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.wire.Formats;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransparencyLogTest {
  private static final LogOrigin ORIGIN = new LogOrigin("test", 0, 0);

  @TempDir Path directory;
  private World world;
  private LogKeys logs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    logs = world.logs(0);
  }

  private Run run(String state, Optional<byte[]> published) {
    PublishedCheckpoints last = origin -> published.filter(note -> origin.equals(ORIGIN));
    return new Run(world, directory.resolve(state), logs, last);
  }

  /** A chain of {@code events} records, the genesis among them. */
  private List<World.Stored> records(int events) throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    for (int i = 1; i < events; i++) {
      session.requested(at(i), "call-" + i, "ls");
    }
    return laptop.stored();
  }

  private static List<Digest> links(List<World.Stored> records) throws Exception {
    List<Digest> links = new ArrayList<>();
    for (World.Stored record : records) {
      links.add(Link.of(Formats.ENVELOPE.decode(record.value().toByteArray())).hash());
    }
    return links;
  }

  private Checkpoint checkpoint(byte[] note) throws Exception {
    return logs.list().verify(ORIGIN, note);
  }

  @Test
  void aCheckpointHoldsWhatWasAdmittedAndNoMoreThanOneASecondIsMade() throws Exception {
    List<World.Stored> records = records(5);
    try (Run run = run("a", Optional.empty())) {
      run.feed(records.subList(0, 3));
      run.feed(records.subList(1, 3)); // a resend is not logged twice
      assertThat(run.checkpoints()).isEmpty();
      run.tick();
      List<byte[]> first = run.checkpoints();
      assertThat(first).hasSize(1);
      assertThat(checkpoint(first.getFirst()))
          .isEqualTo(new Checkpoint("test/0/0", 3, MerkleTree.root(links(records.subList(0, 3)))));
      run.tick();
      assertThat(run.checkpoints()).as("nothing is new").isEmpty();
      run.feed(records.subList(3, 5));
      run.tick();
      assertThat(checkpoint(run.checkpoints().getFirst()).root())
          .isEqualTo(MerkleTree.root(links(records)));
    }
  }

  @Test
  void fullTilesAndTheOpenOneAreWhatTheCheckpointIsMadeOf() throws Exception {
    List<World.Stored> records = records(600);
    try (Run run = run("a", Optional.empty())) {
      run.feed(records);
      run.tick();
      Map<String, byte[]> tiles = new TreeMap<>();
      for (KeyValue<String, byte[]> tile : run.tiles()) {
        assertThat(tiles.put(tile.key, tile.value)).as(tile.key).isNull();
      }
      assertThat(tiles.keySet())
          .containsExactlyInAnyOrder(
              "test/0/0/tile/entries/000",
              "test/0/0/tile/0/000",
              "test/0/0/tile/entries/001",
              "test/0/0/tile/0/001",
              "test/0/0/open");
      List<Digest> leaves = new ArrayList<>();
      for (int bundle = 0; bundle < 2; bundle++) {
        byte[] bytes =
            Objects.requireNonNull(
                tiles.get("test/0/0/" + new Tile(Tile.ENTRIES, bundle, 256).path()));
        EntryBundle.parse(bytes, 256).forEach(e -> leaves.add(MerkleTree.leaf(e.toByteArray())));
      }
      byte[] open = Objects.requireNonNull(tiles.get("test/0/0/open"));
      assertThat(ByteBuffer.wrap(open).getLong()).isEqualTo(600);
      EntryBundle.parse(Arrays.copyOfRange(open, Long.BYTES, open.length), 600 - 512)
          .forEach(e -> leaves.add(MerkleTree.leaf(e.toByteArray())));
      assertThat(leaves).isEqualTo(links(records));
      assertThat(checkpoint(run.checkpoints().getFirst()).root())
          .isEqualTo(MerkleTree.root(leaves));
    }
  }

  @Test
  void aRebuiltLogIsSilentUntilItHasComeAsFarAsItWas() throws Exception {
    List<World.Stored> records = records(700);
    byte[] last;
    try (Run run = run("a", Optional.empty())) {
      run.feed(records.subList(0, 600));
      run.tick();
      last = run.checkpoints().getFirst();
    }
    try (Run run = run("b", Optional.of(last))) {
      run.feed(records.subList(0, 500));
      run.tick();
      assertThat(run.checkpoints()).isEmpty();
      assertThat(run.tiles()).isEmpty();
      run.feed(records.subList(500, 700));
      run.tick();
      assertThat(checkpoint(run.checkpoints().getFirst()).size()).isEqualTo(700);
    }
  }

  @Test
  void anotherHistoryStopsTheLogAndIsAFinding() throws Exception {
    byte[] last;
    try (Run run = run("a", Optional.empty())) {
      run.feed(records(10));
      run.tick();
      last = run.checkpoints().getFirst();
    }
    List<World.Stored> others = records(20);
    try (Run run = run("b", Optional.of(last))) {
      run.feed(others);
      run.tick();
      run.feed(List.of());
      assertThat(run.checkpoints()).isEmpty();
      assertThat(run.tiles()).isEmpty();
      assertThat(run.findings().values())
          .singleElement()
          .satisfies(finding ->
              assertThat(finding.toString()).contains("LogStopped").contains("at size 10"));
    }
  }

  @Test
  void anotherGenerationIsOpenedOnPurposeAndGoesOn() throws Exception {
    byte[] last;
    try (Run run = run("a", Optional.empty())) {
      run.feed(records(10));
      run.tick();
      last = run.checkpoints().getFirst();
    }
    logs = world.logs(1);
    List<World.Stored> others = records(20);
    try (Run run = run("b", Optional.of(last))) {
      run.feed(others);
      run.tick();
      Checkpoint first =
          logs.list().verify(new LogOrigin("test", 0, 1), run.checkpoints().getFirst());
      assertThat(first).isEqualTo(new Checkpoint("test/0/1", 20, MerkleTree.root(links(others))));
    }
  }

  @Test
  void whatIsAnsweredAnewForAReopenedLogOutranksAllThatWasAnsweredBefore() throws Exception {
    World.Collector laptop = world.collector();
    laptop.cloudCall(
        World.CloudRecord.of(at(1), "s3:ListBuckets", World.key("AKIAQ7NORTHWIND2LEDG")));
    laptop.session("one").requested(at(2), "call-2", "ls");
    List<World.Stored> records = laptop.stored();
    long highest;
    try (Run run = run("a", Optional.empty())) {
      run.feed(records);
      highest = revisions(run).max().orElseThrow();
      assertThat(highest).as("of what was asked about").isPositive();
    }
    logs = world.logs(1);
    try (Run run = run("b", Optional.empty())) {
      run.feed(records);
      // However often an event was judged anew: that is counted below 2^20.
      assertThat(revisions(run)).hasSize(3).allMatch(r -> r > highest + (1L << 20));
    }
  }

  private static LongStream revisions(Run run) {
    return run.attributed().stream().mapToLong(Attribution::revision);
  }

  @Test
  void aForgedCheckpointInTheTopicStopsTheLog() throws Exception {
    byte[] note;
    try (Run run = run("a", Optional.empty())) {
      run.feed(records(3));
      run.tick();
      note = run.checkpoints().getFirst();
    }
    note[note.length - 10] ^= 4;
    try (Run run = run("c", Optional.of(note))) {
      run.feed(records(5));
      run.tick();
      assertThat(run.checkpoints()).isEmpty();
    }
  }
}
