package dev.custody.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.evidence.EvidenceWorld.Chain;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogEvidenceTest {
  @TempDir private Path directory;
  private final EvidenceWorld world = new EvidenceWorld();

  private Path mirror() throws Exception {
    Path mirror = Files.createDirectories(directory.resolve("log"));
    Files.write(mirror.resolve("logs"), world.logs().encode());
    world.writeLog(mirror.resolve("0/0"));
    return mirror;
  }

  private byte[] export(Path mirror, List<Envelope> stored, ChainId chain, Long... positions)
      throws Exception {
    Map<ChainId, NavigableSet<Long>> wanted = Map.of(chain, new TreeSet<>(List.of(positions)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LogEvidence evidence =
        LogEvidence.read(new MemorySource(stored), world.roots(), wanted, directory)) {
      BundleWriter.write(evidence.provenBy(mirror), EvidenceWorld.CLAIMS, directory, out);
    }
    return out.toByteArray();
  }

  private BundleResult verify(byte[] bundle) {
    return new BundleVerifier(world.roots(), null, List.of()).verify(bundle);
  }

  @Test
  void theSegmentOfTheLogIsWhatTheBundleHolds() throws Exception {
    Chain chain = world.open(null).calls("one", "two", "three").calls("four");
    BundleResult result = verify(export(mirror(), world.published(), chain.id(), 2L));

    assertThat(result.failures()).isEmpty();
    assertThat(result.chains())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.last()).isEqualTo(2);
          assertThat(c.disclosed()).isEqualTo(2);
          assertThat(c.withheld()).isEqualTo(1);
        });
    assertThat(directory.toFile().list()).containsExactly("log");
  }

  @Test
  void aRotationIsDisclosedWithoutBeingAskedFor() throws Exception {
    Chain chain =
        world
            .open(null)
            .calls("one")
            .rotate(dev.custody.signing.TestSigner.named("next"))
            .calls("after");
    BundleResult result = verify(export(mirror(), world.published(), chain.id(), 3L));
    assertThat(result.failures()).isEmpty();
    assertThat(result.disclosed()).isEqualTo(3);
  }

  @Test
  void recordsThatArriveLateAndTwiceAreInTheirPlace() throws Exception {
    Chain chain = world.open(null).calls("one").calls("two").calls("three");
    List<Envelope> stored = new ArrayList<>(world.published());
    stored.add(stored.remove(2));
    stored.add(stored.get(1));
    BundleResult result = verify(export(mirror(), stored, chain.id(), 3L));
    assertThat(result.failures()).isEmpty();
    assertThat(result.chains().getFirst().withheld()).isEqualTo(2);
  }

  @Test
  void aMissingPositionIsNamed() throws Exception {
    Chain chain = world.open(null).calls("one").calls("two").calls("three");
    List<Envelope> stored = new ArrayList<>(world.published());
    stored.remove(2);
    Path mirror = mirror();
    assertThatThrownBy(() -> export(mirror, stored, chain.id(), 3L))
        .isInstanceOf(EvidenceException.class)
        .hasMessage(
            "%s#2 is not in the log, or does not verify: expected every position up to #3"
                .formatted(chain.id().shortHex()));
  }

  @Test
  void anEventThatNoCheckpointCoversHasToWait() throws Exception {
    Chain chain = world.open(null).calls("one");
    Path mirror = mirror();
    chain.calls("two");
    assertThatThrownBy(() -> export(mirror, world.published(), chain.id(), 2L))
        .isInstanceOf(EvidenceException.class)
        .hasMessage(
            "%s#2 is newer than what the log of partition 0 has signed: found a checkpoint of 2 entries"
                .formatted(chain.id().shortHex()))
        .satisfies(e ->
            assertThat(((EvidenceException) e).hint()).startsWith("wait for the next checkpoint"));
  }

  @Test
  void withoutAMirrorThereIsNoProof() {
    Chain chain = world.open(null).calls("one");
    assertThatThrownBy(() -> export(directory.resolve("log"), world.published(), chain.id(), 1L))
        .hasMessageStartingWith("no transparency log: expected the list of logs in ");
  }

  @Test
  void aRevocationOfASuccessorComesWithWhatLeadsToIt() throws Exception {
    Chain first = world.open(null).calls("one", "two");
    Chain second = world.open(first.asPredecessor()).calls("three");
    Chain third = world.open(second.asPredecessor()).calls("four", "stolen");
    world.open(third.asPredecessor()).revoked(world.collector, third, 1);

    byte[] bundle = export(mirror(), world.published(), first.id(), 1L);
    BundleResult result = verify(bundle);
    assertThat(result.failures()).isEmpty();
    assertThat(result.chains())
        .extracting(BundleResult.Chain::id)
        .containsExactlyInAnyOrder(first.id(), second.id(), third.id());

    // Who leaves out the chain between cannot pass off the first one as trusted.
    Forge forged = Forge.of(bundle);
    forged.drop(Member.chain(second.id())).drop(Member.proof(second.id(), 0));
    assertThat(verify(forged.bundle()).failures())
        .extracting(BundleFailure::name)
        .contains("RevokedKey");
  }

  @Test
  void whatAThiefWroteIsToldToBeUntrusted() throws Exception {
    Chain chain = world.open(null).calls("one", "stolen");
    world.open(chain.asPredecessor()).revoked(world.collector, chain, 1);
    BundleResult result = verify(export(mirror(), world.published(), chain.id(), 1L, 2L));
    assertThat(result.failures())
        .singleElement()
        .satisfies(f -> {
          assertThat(f.name()).isEqualTo("RevokedKey");
          assertThat(f.where().sequence()).isEqualTo(2);
        });
  }
}
