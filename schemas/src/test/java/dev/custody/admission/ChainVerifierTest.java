package dev.custody.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainVerifierTest {
  @TempDir Path directory;

  private TestChain chain;

  @BeforeEach
  void openChain() throws Exception {
    chain = TestChain.open(directory);
  }

  @Test
  void anUntouchedChainOfSealsOfEverySizeIsIntact() {
    for (int size = 1; size <= 64; size++) {
      chain.sealHeartbeats(size);
    }
    Admission admission = chain.admission();
    assertThat(chain.envelopes()).hasSize(1 + 64 * 65 / 2);
    assertThat(chain.envelopes())
        .allSatisfy(
            e -> assertThat(TestChain.admit(admission, e)).isInstanceOf(Verdict.Intact.class));
  }

  @Test
  void anyOneBitChangedAnywhereInAnEnvelopeIsNeverIntact() {
    chain.sealHeartbeats(5);
    byte[] good = Formats.ENVELOPE.encode(chain.envelopes().get(3));
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      Admission admission = chain.admission();
      chain.envelopes().subList(0, 3).forEach(e -> TestChain.admit(admission, e));
      byte[] bad = good.clone();
      int bit = random.nextInt(bad.length * 8);
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      Verdict verdict =
          admission
              .admit(
                  chain.envelopes().get(3).chain().toByteArray(), bad, TestChain.NOW.toEpochMilli())
              .verdict();
      assertThat(verdict.admitted()).as("seed %d bit %d: %s", seed, bit, verdict).isFalse();
    }
  }

  @Test
  void aDroppedEventIsReportedAsAGapAndALateFitClosesIt() {
    chain.sealHeartbeats(1);
    chain.sealHeartbeats(1);
    chain.sealHeartbeats(1);
    Admission admission = chain.admission();
    List<Envelope> all = chain.envelopes();
    assertThat(TestChain.admit(admission, all.get(0))).isInstanceOf(Verdict.Intact.class);
    assertThat(TestChain.admit(admission, all.get(3)))
        .isInstanceOfSatisfying(
            Verdict.Gap.class,
            g -> assertThat(g.detail()).isEqualTo("expected #1, found #3: 2 missing"));
    assertThat(TestChain.admit(admission, all.get(2)))
        .isInstanceOfSatisfying(Verdict.LateFit.class, f -> assertThat(f.closed()).isFalse());
    assertThat(TestChain.admit(admission, all.get(1)))
        .isInstanceOfSatisfying(Verdict.LateFit.class, f -> assertThat(f.closed()).isTrue());
    assertThat(TestChain.admit(admission, all.get(1))).isInstanceOf(Verdict.Repeat.class);
  }

  @Test
  void aResendIsARepeatAndAnotherEventAtItsPositionIsAFork() {
    List<byte[]> rivals = new ArrayList<>();
    rivals.add(Formats.EVENT.encode(TestChain.event(new Body.CollectorHeartbeat(1, 0, 0)).build()));
    Envelope genesis = chain.envelopes().getFirst();
    Envelope kept = chain.sealHeartbeats(1).getFirst();
    Envelope rival = rivalOf(genesis, rivals.getFirst());
    Admission admission = chain.admission();
    TestChain.admit(admission, genesis);
    TestChain.admit(admission, kept);
    assertThat(TestChain.admit(admission, kept)).isInstanceOf(Verdict.Repeat.class);
    assertThat(TestChain.admit(admission, rival))
        .isInstanceOfSatisfying(Verdict.Fork.class, f -> assertThat(f.at()).isEqualTo(1));
  }

  /** An envelope for #1 that the collector's own key seals a second time. */
  private Envelope rivalOf(Envelope genesis, byte[] event) {
    Digest previous = dev.custody.chain.Link.of(genesis).hash();
    Digest link =
        new dev.custody.chain.Link(genesis.chain(), 1, previous, Digest.sha256(event)).hash();
    var seal = new dev.custody.chain.Seal(chain.signer().keyId(), genesis.chain(), 1, 1, link);
    return new Envelope(
        genesis.chain(),
        1,
        previous,
        new Bytes(event),
        1,
        1,
        List.of(),
        chain.signer().keyId(),
        chain.signer().sign(seal.statement()));
  }

  @Test
  void reorderedEventsAreNeverAllIntact() {
    chain.sealHeartbeats(3);
    List<Envelope> shuffled = new ArrayList<>(chain.envelopes());
    Collections.swap(shuffled, 1, 2);
    Admission admission = chain.admission();
    assertThat(shuffled.stream().map(e -> TestChain.admit(admission, e).name()))
        .containsExactly("Intact", "Gap", "LateFit", "Intact");
  }

  @Test
  void aChainOfAnUnknownRootIsRefusedWhole(@TempDir Path other) throws Exception {
    TestChain stranger = TestChain.open(other);
    stranger.sealHeartbeats(1);
    Admission admission = chain.admission();
    assertThat(TestChain.admit(admission, stranger.envelopes().get(0)))
        .isInstanceOf(Verdict.UnknownSigner.class);
    assertThat(TestChain.admit(admission, stranger.envelopes().get(1)))
        .isInstanceOf(Verdict.NoGenesis.class);
  }

  @Test
  void nobodyOpensARivalGenesisOfSomebodyElsesChain() {
    Envelope genesis = chain.envelopes().getFirst();
    Envelope heartbeat = chain.sealHeartbeats(1).getFirst();
    Envelope posing =
        new Envelope(
            genesis.chain(),
            0,
            Digest.ZERO,
            heartbeat.event(),
            0,
            1,
            List.of(),
            genesis.key(),
            genesis.signature());
    assertThat(TestChain.admit(chain.admission(), posing)).isInstanceOf(Verdict.BadGenesis.class);
  }

  @Test
  void sealNumbersThatCannotBeAreRefused() {
    Envelope good = chain.sealHeartbeats(3).get(1);
    Admission admission = chain.admission();
    TestChain.admit(admission, chain.envelopes().getFirst());
    for (long first : new long[] {Long.MIN_VALUE, -1, 0, 3, Long.MAX_VALUE}) {
      for (int size : new int[] {Integer.MIN_VALUE, -1, 0, 1, 2, 4, 65, Integer.MAX_VALUE}) {
        Envelope bad =
            new Envelope(
                good.chain(),
                good.sequence(),
                good.previous(),
                good.event(),
                first,
                size,
                good.sealPath(),
                good.key(),
                good.signature());
        assertThat(TestChain.admit(admission, bad)).isInstanceOf(Verdict.BadSeal.class);
      }
    }
  }

  @Test
  void anotherKeysSignatureIsRefused(@TempDir Path other) throws Exception {
    TestChain stranger = TestChain.open(other);
    Envelope good = chain.sealHeartbeats(1).getFirst();
    Admission admission = chain.admission();
    TestChain.admit(admission, chain.envelopes().getFirst());
    Envelope foreign =
        new Envelope(
            good.chain(),
            1,
            good.previous(),
            good.event(),
            1,
            1,
            List.of(),
            stranger.signer().keyId(),
            stranger.signer().sign(new byte[] {1}));
    assertThat(TestChain.admit(admission, foreign)).isInstanceOf(Verdict.WrongKey.class);
    Envelope forged =
        new Envelope(
            good.chain(),
            1,
            good.previous(),
            good.event(),
            1,
            1,
            List.of(),
            good.key(),
            new SignatureBytes(new byte[SignatureBytes.SIZE]));
    assertThat(TestChain.admit(admission, forged)).isInstanceOf(Verdict.BadSeal.class);
  }

  @Test
  void positionsOlderThanTheKeptLinksAreStaleAndNeverForks() {
    for (int i = 0; i < 66; i++) {
      chain.sealHeartbeats(64);
    }
    Admission admission = chain.admission();
    chain.envelopes().forEach(e -> TestChain.admit(admission, e));
    int newest = chain.envelopes().size() - 1;
    assertThat(TestChain.admit(admission, chain.envelopes().get(1)))
        .isInstanceOf(Verdict.Stale.class);
    assertThat(
            TestChain.admit(
                admission, chain.envelopes().get(newest - ChainVerifier.LINKS_KEPT + 1)))
        .isInstanceOf(Verdict.Repeat.class);
  }

  @Test
  void aRelabelledRecordIsRefused() {
    Envelope genesis = chain.envelopes().getFirst();
    byte[] value = Formats.ENVELOPE.encode(genesis);
    byte[] key = genesis.chain().toByteArray();
    long time = TestChain.NOW.toEpochMilli();
    assertThat(chain.admission().admit(key, value, time + 1).verdict())
        .isInstanceOf(Verdict.Relabelled.class);
    assertThat(chain.admission().admit(null, value, time).verdict())
        .isInstanceOf(Verdict.Relabelled.class);
    assertThat(chain.admission().admit(key, null, time).verdict())
        .isInstanceOf(Verdict.Malformed.class);
    assertThat(chain.admission().admit(key, new byte[] {1, 2, 3}, time).verdict().detail())
        .isEqualTo("Envelope: expected an Avro single-object header c301, found 010203");
  }

  @Test
  void keyIdsNameTheKeyByItsContent() {
    assertThat(chain.signer().keyId())
        .isEqualTo(KeyId.ofPublicKey(chain.signer().publicKey().toByteArray()));
  }
}
