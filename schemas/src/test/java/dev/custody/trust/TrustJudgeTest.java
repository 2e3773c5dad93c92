package dev.custody.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.event.Body;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.trust.Trust.Why;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustJudgeTest {
  private static final ChainId FIRST = chain(1);
  private static final ChainId SECOND = chain(2);
  private static final ChainId THIRD = chain(3);
  private static final KeyId STOLEN = key(7);
  private static final KeyId OTHER = key(8);

  private static Signer root;

  private final KnownHistories histories = new KnownHistories();

  @BeforeAll
  static void makeRoot(@TempDir Path directory) throws Exception {
    root =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"))
            .signer("root");
  }

  private static ChainId chain(int n) {
    byte[] id = new byte[ChainId.SIZE];
    Arrays.fill(id, (byte) n);
    return new ChainId(id);
  }

  private static KeyId key(int n) {
    byte[] id = new byte[KeyId.SIZE];
    Arrays.fill(id, (byte) n);
    return new KeyId(id);
  }

  private static Digest link(ChainId chain, long sequence) {
    return Digest.sha256(
        chain.toByteArray(),
        Long.toString(sequence).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static Revocation revoked(KeyId key, ChainId chain, long after) {
    return Revocation.sign(root, key, chain, after, link(chain, after), "stolen");
  }

  private static Body.Genesis genesis(Body.@Nullable Predecessor predecessor) {
    return new Body.Genesis(new Bytes(new byte[0]), predecessor, false, "test");
  }

  private static Body.Genesis following(ChainId chain, long sequence) {
    return genesis(new Body.Predecessor(chain, sequence, link(chain, sequence)));
  }

  private @Nullable Why why(Revocations revocations, ChainId chain, long sequence, KeyId key) {
    return why(revocations.against(histories).of(chain, sequence, link(chain, sequence), key));
  }

  private static @Nullable Why why(Trust trust) {
    return trust instanceof Trust.Untrusted untrusted ? untrusted.why() : null;
  }

  private static Revocations of(Revocation... revocations) {
    return new Revocations(List.of(revocations));
  }

  @Test
  void withoutARevocationEverythingIsTrusted() {
    assertThat(why(Revocations.NONE, FIRST, 5, STOLEN)).isNull();
    assertThat(Revocations.NONE.against(histories).of(FIRST, 5, null, STOLEN).detail())
        .isEqualTo("trusted");
  }

  @Test
  void behindTheLastTrustedPositionTheKeyIsBelievedNoMore() {
    Revocations revocations = of(revoked(STOLEN, FIRST, 5));
    assertThat(why(revocations, FIRST, 5, STOLEN)).isNull();
    assertThat(why(revocations, FIRST, 6, STOLEN)).isEqualTo(Why.AFTER_THE_LAST_TRUSTED);
    assertThat(revocations.against(histories).of(FIRST, 6, null, STOLEN).detail())
        .isEqualTo("UNTRUSTED: key 07070707 revoked after #5 (stolen)");
  }

  @Test
  void whatARotatedKeySealedInTheSameChainIsBelieved() {
    assertThat(why(of(revoked(STOLEN, FIRST, 5)), FIRST, 9, OTHER)).isNull();
  }

  @Test
  void anotherLinkAtTheLastTrustedPositionMakesTheWholeChainUntrusted() {
    Revocations revocations = of(revoked(STOLEN, FIRST, 5));
    Digest rival = link(SECOND, 5);
    assertThat(why(revocations.against(histories).of(FIRST, 5, rival, STOLEN)))
        .isEqualTo(Why.ANOTHER_HISTORY);
    histories.stored(FIRST, 5, rival);
    assertThat(why(revocations, FIRST, 0, STOLEN)).isEqualTo(Why.ANOTHER_HISTORY);
    assertThat(why(revocations, FIRST, 9, OTHER)).isEqualTo(Why.ANOTHER_HISTORY);
    histories.stored(FIRST, 5, link(FIRST, 5));
    assertThat(why(revocations, FIRST, 0, STOLEN)).as("forked").isEqualTo(Why.ANOTHER_HISTORY);
  }

  @Test
  void predecessorsAreBelievedUpToThePositionsThatAreNamedAndOtherChainsNotAtAll() {
    histories.opened(SECOND, following(FIRST, 3));
    histories.opened(THIRD, following(SECOND, 4));
    Revocations revocations = of(revoked(STOLEN, THIRD, 2));
    assertThat(why(revocations, THIRD, 2, STOLEN)).isNull();
    assertThat(why(revocations, SECOND, 4, STOLEN)).isNull();
    assertThat(why(revocations, SECOND, 5, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    assertThat(why(revocations, FIRST, 3, STOLEN)).isNull();
    assertThat(why(revocations, FIRST, 4, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    assertThat(why(revocations, chain(4), 0, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    assertThat(why(revocations, chain(4), 0, OTHER)).isNull();
  }

  @Test
  void aSuccessorOfTheNamedChainUnderTheSameKeyIsNotBelieved() {
    histories.opened(SECOND, following(FIRST, 3));
    Revocations revocations = of(revoked(STOLEN, FIRST, 3));
    assertThat(why(revocations, SECOND, 0, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    assertThat(why(revocations, SECOND, 0, OTHER)).isNull();
  }

  @Test
  void aPredecessorWithAnotherEndIsAnotherHistory() {
    histories.opened(SECOND, following(FIRST, 3));
    histories.stored(FIRST, 3, link(THIRD, 3));
    assertThat(why(of(revoked(STOLEN, SECOND, 2)), FIRST, 1, STOLEN))
        .isEqualTo(Why.ANOTHER_HISTORY);
  }

  @Test
  void chainsThatNameEachOtherEndTheSearch() {
    histories.opened(SECOND, following(FIRST, 3));
    histories.opened(FIRST, following(SECOND, 9));
    Revocations revocations = of(revoked(STOLEN, SECOND, 2));
    assertThat(why(revocations, SECOND, 3, STOLEN)).isEqualTo(Why.AFTER_THE_LAST_TRUSTED);
    assertThat(why(revocations, FIRST, 3, STOLEN)).isNull();
  }

  @Test
  void ofTwoRevocationsOfAKeyEachTakesTrustAway() {
    histories.opened(SECOND, following(FIRST, 3));
    Revocation early = revoked(STOLEN, FIRST, 2);
    Revocation late = revoked(STOLEN, SECOND, 6);
    assertThat(why(of(late), FIRST, 3, STOLEN)).isNull();
    assertThat(why(of(early, late), FIRST, 3, STOLEN)).isEqualTo(Why.AFTER_THE_LAST_TRUSTED);
    assertThat(why(of(early, late), SECOND, 0, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    assertThat(why(of(early, late), FIRST, 2, STOLEN)).isNull();
  }

  @Test
  void whatBecomesKnownLaterRevisesTheJudgement() {
    Revocations revocations = of(revoked(STOLEN, SECOND, 2));
    assertThat(why(revocations, FIRST, 1, STOLEN)).isEqualTo(Why.ANOTHER_CHAIN);
    histories.opened(SECOND, following(FIRST, 3));
    assertThat(why(revocations, FIRST, 1, STOLEN)).isNull();
  }

  @Test
  void theJudgementIsTheSameInEveryOrderOfLearning() {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      List<Object> facts = facts(random);
      List<Trust> expected = judged(facts);
      for (int order = 0; order < 60; order++) {
        java.util.Collections.shuffle(facts, random);
        assertThat(judged(facts)).as("seed %d round %d", seed, round).isEqualTo(expected);
      }
    }
  }

  /** Revocations, and what is learnt of five chains under two keys, some of it contradictory. */
  private static List<Object> facts(Random random) {
    List<Object> facts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      facts.add(
          revoked(
              random.nextBoolean() ? STOLEN : OTHER,
              chain(1 + random.nextInt(5)),
              random.nextInt(4)));
    }
    for (int n = 2; n <= 5; n++) {
      ChainId chain = chain(n);
      Body.Genesis genesis = following(chain(1 + random.nextInt(n - 1)), random.nextInt(4));
      facts.add((Consumer<KnownHistories>) h -> h.opened(chain, genesis));
    }
    for (int i = 0; i < 8; i++) {
      ChainId chain = chain(1 + random.nextInt(5));
      long sequence = random.nextInt(4);
      Digest link = random.nextInt(8) == 0 ? Digest.ZERO : link(chain, sequence);
      facts.add((Consumer<KnownHistories>) h -> h.stored(chain, sequence, link));
    }
    return facts;
  }

  @SuppressWarnings("unchecked")
  private static List<Trust> judged(List<Object> facts) {
    Revocations revocations = Revocations.NONE;
    KnownHistories known = new KnownHistories();
    for (Object fact : facts) {
      if (fact instanceof Revocation revocation) {
        revocations = revocations.and(List.of(revocation));
      } else {
        ((Consumer<KnownHistories>) fact).accept(known);
      }
    }
    TrustJudge judge = revocations.against(known);
    List<Trust> all = new ArrayList<>();
    for (int n = 1; n <= 5; n++) {
      for (long sequence = 0; sequence < 5; sequence++) {
        for (KeyId key : List.of(STOLEN, OTHER)) {
          all.add(judge.of(chain(n), sequence, link(chain(n), sequence), key));
        }
      }
    }
    return all;
  }
}
