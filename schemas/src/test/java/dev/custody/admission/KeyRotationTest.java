package dev.custody.admission;

import static dev.custody.admission.VectorChain.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRotationTest {
  private static final String LAPTOP = "spiffe://example.test/collector/laptop";

  @TempDir Path directory;

  private KeyDirectory keys;
  private final List<Envelope> chain = new ArrayList<>();
  private Sealer sealer;

  @BeforeEach
  void openChain() throws Exception {
    keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    Signer first = keys.signer("0");
    Sealer.Opened opened = Sealer.open(first, VectorChain.genesis(certified(first)));
    sealer = opened.sealer();
    chain.add(opened.genesis());
  }

  private static Bytes certified(Signer key) {
    return VectorChain.certificate(
        CertificateRole.COLLECTOR, LAPTOP, key, NOW.minusSeconds(300), VectorChain.ROOT);
  }

  private void heartbeats(int count) {
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(VectorChain.heartbeat(i));
    }
    chain.addAll(sealer.seal(events));
  }

  private void rotate(int number) throws Exception {
    Signer next = keys.signer(Integer.toString(number));
    chain.addAll(sealer.seal(List.of(VectorChain.rotation(7, certified(next)))));
    sealer = sealer.under(next);
  }

  private static Admission admission() {
    return new Admission(
        new ChainVerifier(
            new TrustedRoots(List.of(VectorChain.ROOT.publicKey())), new InMemoryChains()));
  }

  private static Verdict admit(Admission admission, Envelope envelope) {
    VectorFiles.Stored stored = VectorFiles.stored(envelope);
    return admission.admit(stored.key(), stored.value(), stored.timestamp()).verdict();
  }

  @Test
  void aChainGoesOnUnderEveryKeyThatItsRotationsName() throws Exception {
    for (int key = 1; key <= 5; key++) {
      heartbeats(3);
      rotate(key);
      heartbeats(2);
    }
    Admission admission = admission();
    assertThat(chain).hasSize(31);
    assertThat(chain)
        .allSatisfy(e -> assertThat(admit(admission, e)).isInstanceOf(Verdict.Intact.class));
    assertThat(chain)
        .allSatisfy(e -> assertThat(admit(admission, e)).isInstanceOf(Verdict.Repeat.class));
  }

  @Test
  void aRotationBehindAGapStillRulesWhatFollowsAndTheGapFillsUnderTheOldKey() throws Exception {
    heartbeats(1);
    heartbeats(1);
    rotate(1);
    heartbeats(1);
    Admission admission = admission();
    assertThat(List.of(0, 3, 4, 2, 1).stream().map(i -> admit(admission, chain.get(i)).name()))
        .containsExactly("Intact", "Gap", "Intact", "LateFit", "LateFit");
  }

  @Test
  void withoutItsRotationNothingUnderTheNewKeyIsAdmitted() throws Exception {
    heartbeats(1);
    rotate(1);
    heartbeats(1);
    Admission admission = admission();
    assertThat(List.of(0, 1, 3, 2, 3).stream().map(i -> admit(admission, chain.get(i)).name()))
        .containsExactly("Intact", "Intact", "WrongKey", "Intact", "Intact");
  }

  @Test
  void aChainHasAtMostSixtyFourKeys() throws Exception {
    for (int key = 1; key < ChainVerifier.MAX_KEYS; key++) {
      rotate(key);
    }
    Admission admission = admission();
    assertThat(chain)
        .allSatisfy(e -> assertThat(admit(admission, e)).isInstanceOf(Verdict.Intact.class));
    rotate(ChainVerifier.MAX_KEYS);
    assertThat(admit(admission, chain.getLast()))
        .isEqualTo(new Verdict.BadRotation("expected at most 64 keys of a chain"));
  }

  @Test
  void anEarlierKeyNeverComesBack() throws Exception {
    rotate(1);
    rotate(0);
    Admission admission = admission();
    admit(admission, chain.get(0));
    admit(admission, chain.get(1));
    assertThat(admit(admission, chain.get(2)).detail())
        .isEqualTo(
            "expected a key that never sealed this chain, found " + keys.signer("0").keyId());
  }

  @Test
  void anyOrderAndAnyLossGetTheSameVerdictsAsFromThePlainReading() throws Exception {
    for (int key = 1; key <= 4; key++) {
      heartbeats(1 + key);
      rotate(key);
    }
    heartbeats(3);
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      List<Envelope> some = new ArrayList<>(chain);
      for (int swaps = random.nextInt(6); swaps > 0; swaps--) {
        Collections.swap(some, random.nextInt(some.size()), random.nextInt(some.size()));
      }
      some.subList(random.nextInt(some.size()), some.size()).removeIf(e -> random.nextInt(4) == 0);
      some.addAll(chain);
      Admission admission = admission();
      ReferenceVerifier reference =
          new ReferenceVerifier(VectorChain.ROOT.publicKey().toByteArray());
      for (Envelope envelope : some) {
        VectorFiles.Stored stored = VectorFiles.stored(envelope);
        assertThat(admit(admission, envelope).name())
            .as("seed %d round %d #%d", seed, round, envelope.sequence())
            .isEqualTo(reference.admit(stored.key(), stored.value(), stored.timestamp()));
      }
    }
  }

  @Test
  void theRotationIsTheLastUnderTheOldKey() throws Exception {
    rotate(1);
    Body body = Formats.EVENT.decode(chain.get(1).event().toByteArray()).body();
    assertThat(body).isInstanceOf(Body.KeyRotated.class);
    assertThat(chain.get(1).key()).isEqualTo(keys.signer("0").keyId());
    heartbeats(1);
    assertThat(chain.get(2).key()).isEqualTo(keys.signer("1").keyId());
    assertThat(chain.get(2).previous()).isEqualTo(VectorChain.hash(chain.get(1)));
  }
}
