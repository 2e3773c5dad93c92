package dev.custody.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.digest.Digest;
import dev.custody.evidence.EvidenceWorld;
import dev.custody.evidence.EvidenceWorld.Chain;
import dev.custody.note.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileDirectoryAuditTest {
  private static final int CALLS = 300;

  @TempDir private Path directory;
  private final EvidenceWorld world = new EvidenceWorld();
  private Checkpoint early = new Checkpoint("none", 0, Digest.ZERO);

  @BeforeEach
  void write() throws Exception {
    Chain chain = world.open(null);
    calls(chain, 100);
    early = Checkpoint.of(world.checkpoint(world.log));
    calls(chain, CALLS - 100);
    world.writeLog(directory);
  }

  private static void calls(Chain chain, int count) {
    IntStream.range(0, count).forEach(i -> chain.calls("call-" + i));
  }

  private Checkpoint own() throws Exception {
    return Checkpoint.of(world.checkpoint(world.log));
  }

  private List<DirectoryFailure> audit(Checkpoint... kept) throws Exception {
    return TileDirectoryAudit.run(directory, own(), List.of(kept)).failures();
  }

  private void change(String file, UnaryOperator<byte[]> change) throws IOException {
    Path path = directory.resolve(file);
    Files.write(path, change.apply(Files.readAllBytes(path)));
  }

  private void flip(String file, int at) throws IOException {
    change(
        file,
        bytes -> {
          bytes[at] ^= 1;
          return bytes;
        });
  }

  @Test
  void anExportedLogHolds() throws Exception {
    TileDirectoryAudit.Result result =
        TileDirectoryAudit.run(directory, own(), List.of(early, own()));
    assertThat(result.failures()).isEmpty();
    assertThat(result.entries()).isEqualTo(CALLS + 1);
    assertThat(result.chains()).isEqualTo(1);
  }

  @Test
  void aChangedEntryIsNamedWithItsPosition() throws Exception {
    // The event's digest in entry 7, each of 106 bytes.
    flip("tile/entries/000", 7 * 106 + 2 + 80);
    List<DirectoryFailure> failures = audit(early);
    assertThat(failures)
        .extracting(DirectoryFailure::name)
        .startsWith("BrokenChain", "ForkedLog", "BadTile")
        .contains("ForkedLog");
    DirectoryFailure first = failures.getFirst();
    assertThat(first.where().index()).isEqualTo(8);
    assertThat(first.where().sequence()).isEqualTo(8);
    DirectoryFailure tile = failures.get(2);
    assertThat(tile.where().file()).isEqualTo("tile/0/000");
    assertThat(tile.where().index()).isEqualTo(7);
  }

  @Test
  void aChangedHashOfAnyLevelIsNamed() throws Exception {
    flip("tile/1/000.p/1", 3);
    assertThat(audit())
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("BadTile");
          assertThat(f.where().file()).isEqualTo("tile/1/000.p/1");
        });
  }

  @Test
  void aMissingTileIsNamed() throws Exception {
    Files.delete(directory.resolve("tile/0/001.p/45"));
    assertThat(audit())
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("MissingTile");
          assertThat(f.where().file()).isEqualTo("tile/0/001.p/45");
          assertThat(f.where().index()).isEqualTo(256);
        });
  }

  @Test
  void aByteTooManyIsNoTile() throws Exception {
    change("tile/0/001.p/45", bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 1));
    assertThat(audit()).singleElement().satisfies(f -> assertThat(f.name()).isEqualTo("BadTile"));
  }

  @Test
  void anEntryThatIsNoLinkIsNamed() throws Exception {
    flip("tile/entries/001.p/45", 2);
    assertThat(audit())
        .first()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("BadEntry");
          assertThat(f.where().index()).isEqualTo(256);
        });
  }

  @Test
  void aLogThatWasRewrittenSinceIsForked() throws Exception {
    Checkpoint kept = new Checkpoint(early.origin(), early.size(), Digest.sha256());
    assertThat(audit(kept))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("ForkedLog");
          assertThat(f.where().index()).isEqualTo(101);
          assertThat(f.expected()).contains("over the first 101 entries");
        });
  }

  @Test
  void aLogThatIsShorterThanItWasIsRolledBack() throws Exception {
    Checkpoint kept = new Checkpoint(early.origin(), 5000, Digest.sha256());
    assertThat(audit(kept))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("RolledBackLog");
          assertThat(f.found()).isEqualTo("301");
        });
  }

  @Test
  void anEmptyLogHolds(@TempDir Path empty) throws Exception {
    Checkpoint none = new Checkpoint("acme.example/custody/0/0", 0, Digest.sha256());
    assertThat(TileDirectoryAudit.run(empty, none, List.of()).intact()).isTrue();
  }
}
