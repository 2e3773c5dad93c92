package dev.custody.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.admission.Admission;
import dev.custody.admission.TestChain;
import dev.custody.admission.Verdict;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path directory;

  private TestChain chain;

  @BeforeEach
  void openChain() throws Exception {
    chain = TestChain.open(directory);
  }

  private Spool open() throws SpoolException {
    return open(SpoolLimits.DEFAULT);
  }

  private Spool open(SpoolLimits limits) throws SpoolException {
    return Spool.open(directory.resolve("spool"), limits);
  }

  private static List<Sealed> sealed(List<Envelope> envelopes) {
    return envelopes.stream().map(e -> new Sealed(e, TestChain.NOW, null)).toList();
  }

  @Test
  void whatIsReadBackIsAdmittedInOrder() throws Exception {
    chain.sealHeartbeats(64);
    chain.sealHeartbeats(1);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
    }
    Admission admission = chain.admission();
    List<Verdict> verdicts = new ArrayList<>();
    try (Spool spool = open()) {
      for (Spooled row : spool.read(0, 1000, 1 << 20)) {
        verdicts.add(
            admission
                .admit(
                    row.chain().toByteArray(), row.envelope().toByteArray(), row.observedAtMillis())
                .verdict());
      }
      assertThat(Objects.requireNonNull(spool.head()).sequence()).isEqualTo(65);
    }
    assertThat(verdicts).hasSize(66).allMatch(v -> v instanceof Verdict.Intact);
  }

  @Test
  void aSecondPositionOfAChainIsRefused() throws Exception {
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
      List<Envelope> first = chain.sealHeartbeats(1);
      chain.sealHeartbeats(1);
      spool.append(sealed(first));

      assertThatThrownBy(() -> spool.append(sealed(first)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("it would be a fork");
      assertThatThrownBy(() -> spool.append(sealed(List.of(chain.envelopes().getFirst()))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(spool.end()).isEqualTo(2);
    }
  }

  @Test
  void aPositionThatLeavesAGapIsRefused() throws Exception {
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
      chain.sealHeartbeats(1);
      List<Envelope> second = chain.sealHeartbeats(1);

      assertThatThrownBy(() -> spool.append(sealed(second)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aGapWithinWhatIsAppendedAtOnceIsRefusedAndNothingOfItIsKept() throws Exception {
    List<Envelope> later = chain.sealHeartbeats(3);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes().subList(0, 1)));

      assertThatThrownBy(() -> spool.append(sealed(List.of(later.get(0), later.get(2)))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(spool.end()).isEqualTo(1);
      spool.append(sealed(later));
      Envelope last = later.getLast();
      assertThat(spool.head())
          .isEqualTo(new ChainHead(last.chain(), last.sequence(), Link.of(last).hash()));
    }
  }

  @Test
  void anotherChainStartsAtItsGenesisOnly() throws Exception {
    TestChain other = TestChain.open(directory);
    List<Envelope> later = other.sealHeartbeats(1);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));

      assertThatThrownBy(() -> spool.append(sealed(later)))
          .isInstanceOf(IllegalArgumentException.class);
      spool.append(sealed(other.envelopes()));
      assertThat(Objects.requireNonNull(spool.head()).chain()).isEqualTo(later.getFirst().chain());
    }
  }

  @Test
  void aSecondCollectorOnTheSameDirectoryIsRefused() throws Exception {
    try (Spool spool = open()) {
      assertThat(spool.head()).isNull();
      assertThatThrownBy(this::open)
          .isInstanceOf(SpoolException.class)
          .hasMessage(
              "spool %s is in use by another collector; try: stop it, or --data with another directory",
              directory.resolve("spool"));
    }
  }

  @Test
  void whatIsTrimmedIsGoneAndTheRestIsNot() throws Exception {
    chain.sealHeartbeats(9);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
      spool.trim(4);
      spool.trim(2);
    }
    try (Spool spool = open()) {
      assertThat(spool.trimmed()).isEqualTo(4);
      assertThat(spool.read(0, 100, 1 << 20))
          .extracting(Spooled::position)
          .containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
      spool.trim(100);
      assertThat(spool.trimmed()).isEqualTo(10);
      spool.append(sealed(chain.sealHeartbeats(1)));
      assertThat(spool.read(0, 100, 1 << 20)).extracting(Spooled::position).containsExactly(10L);
    }
  }

  @Test
  void aReadStopsAtItsLimitsButGivesOneAtLeast() throws Exception {
    chain.sealHeartbeats(9);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
      assertThat(spool.read(0, 3, 1 << 20)).hasSize(3);
      assertThat(spool.read(0, 100, 1)).hasSize(1);
      assertThat(spool.read(10, 100, 1)).isEmpty();
    }
  }

  @Test
  void itIsFullAtEitherLimitAndHasRoomAgainOnceTrimmed() throws Exception {
    chain.sealHeartbeats(9);
    try (Spool spool = open(new SpoolLimits(1 << 20, 10))) {
      assertThat(spool.fullness()).isNull();
      spool.append(sealed(chain.envelopes()));
      assertThat(spool.fullness()).contains("is full: 10 envelopes", "is Kafka reachable?");
      spool.trim(1);
      assertThat(spool.fullness()).isNull();
    }
    try (Spool spool = open(new SpoolLimits(100, 1000))) {
      assertThat(spool.fullness()).contains("is full: 9 envelopes");
      spool.trim(10);
      assertThat(spool.fullness()).isNull();
    }
  }

  @Test
  void aSourceIdIsKnownForEverAndByItsKindOnly() throws Exception {
    SourceKey key = new SourceKey("cloudtrail", "e-1");
    Set<SourceKey> asked =
        Set.of(key, new SourceKey("git", "e-1"), new SourceKey("cloudtrail", "e-10"));
    try (Spool spool = open()) {
      assertThat(spool.recorded(asked)).isEmpty();
      spool.append(List.of(new Sealed(chain.envelopes().getFirst(), TestChain.NOW, key)));
      spool.trim(1);
    }
    try (Spool spool = open()) {
      assertThat(spool.recorded(asked)).containsExactly(key);
    }
  }

  @Test
  void aNoteOutlivesARestart() throws Exception {
    try (Spool spool = open()) {
      assertThat(spool.note("git/tip")).isNull();
      spool.putNote("git/tip", new byte[] {1});
      spool.putNote("git/tip", new byte[] {2});
    }
    try (Spool spool = open()) {
      assertThat(spool.note("git/tip")).containsExactly(2);
    }
  }

  @Test
  void aDamagedLogIsRefusedRatherThanLosingWhatFollows() throws Exception {
    chain.sealHeartbeats(64);
    try (Spool spool = open()) {
      spool.append(sealed(chain.envelopes()));
      for (int i = 0; i < 20; i++) {
        spool.append(sealed(chain.sealHeartbeats(64)));
      }
    }
    Path log;
    try (var files = Files.list(directory.resolve("spool"))) {
      log =
          files
              .filter(f -> f.toString().endsWith(".log"))
              .filter(f -> f.toFile().length() > 50_000)
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length / 3] ^= 1;
    Files.write(log, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOf(SpoolException.class)
        .hasMessageContaining("its predecessor is unknown");
  }

  @Test
  void aClosedSpoolSaysSo() throws Exception {
    Spool spool = open();
    spool.close();
    assertThatThrownBy(() -> spool.note("x"))
        .isInstanceOf(SpoolException.class)
        .hasMessageEndingWith("is closed");
  }

  @Test
  void aDiskThatIsNearlyFullRefusesAndATrimGivesItsRoomBackAtOnce() throws Exception {
    Path path = directory.resolve("nearly-full");
    SpoolLimits limits = new SpoolLimits(1L << 40, 1 << 20, Long.MAX_VALUE);
    try (Spool full = Spool.open(path, limits)) {
      assertThat(full.fullness())
          .contains("the disk of spool " + path + " is full")
          .endsWith("try: make room, recording then goes on");
      TestChain other = TestChain.open(directory.resolve("other"));
      for (int i = 0; i < 400; i++) {
        other.sealHeartbeats(64);
      }
      full.append(other.envelopes().stream().map(e -> new Sealed(e, TestChain.NOW, null)).toList());
      long before = bytes(path);
      assertThat(before).isGreaterThan(10 << 20);
      full.trim(full.end());
      assertThat(bytes(path)).isLessThan(before / 4);
    }
    // What it says afterwards is what it said before.
    try (Spool again = Spool.open(path, SpoolLimits.DEFAULT)) {
      assertThat(again.trimmed()).isEqualTo(again.end()).isEqualTo(400 * 64 + 1);
    }
  }

  private static long bytes(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.mapToLong(f -> f.toFile().length()).sum();
    }
  }
}
