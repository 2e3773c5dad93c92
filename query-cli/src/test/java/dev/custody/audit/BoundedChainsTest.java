package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.ChainMemory.KeyEpoch;
import dev.custody.admission.ChainMemory.LinkAt;
import dev.custody.admission.ChainMemory.State;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.InMemoryChains;
import dev.custody.admission.TestChain;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** It remembers what a plain map remembers, wherever its pages are. */
class BoundedChainsTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());
  private static final int KEPT = ChainVerifier.LINKS_KEPT;

  private final Random random = new Random(SEED);
  private final InMemoryChains plain = new InMemoryChains();
  private final List<Writer> writers = new ArrayList<>();

  BoundedChainsTest() {
    System.out.println("seed " + SEED);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A chain, as the verifier keeps and forgets its links. */
  private final class Writer {
    private final ChainId id = new ChainId(bytes(ChainId.SIZE));
    private final BoundedChains bounded;
    private final List<Long> missing = new ArrayList<>();
    private long next;

    Writer(BoundedChains bounded) {
      this.bounded = bounded;
    }

    void append(long sequence) {
      keep(sequence);
      for (long old = Math.max(0, next - KEPT); old < Math.min(next, sequence + 1 - KEPT); old++) {
        plain.forget(id, old);
        bounded.forget(id, old);
      }
      for (long gap = next; gap < sequence && missing.size() < 5_000; gap++) {
        missing.add(gap);
      }
      next = sequence + 1;
      remember();
    }

    void fill() {
      if (!missing.isEmpty()) {
        keep(missing.remove(random.nextInt(missing.size())));
        remember();
      }
    }

    private void keep(long sequence) {
      LinkAt link = new LinkAt(new Digest(bytes(32)), new Digest(bytes(32)));
      plain.keep(id, sequence, link);
      bounded.keep(id, sequence, link);
    }

    private void remember() {
      State state =
          new State(
              "collector",
              List.of(
                  new KeyEpoch(
                      0,
                      new KeyId(new byte[16]),
                      new Bytes(new byte[32]),
                      TestChain.NOW,
                      TestChain.NOW)),
              next,
              List.of());
      plain.remember(id, state);
      bounded.remember(id, state);
    }

    void compare(long sequence) {
      assertThat(bounded.linkAt(id, sequence))
          .as("seed %d: #%d of %d", SEED, sequence, next)
          .isEqualTo(plain.linkAt(id, sequence));
    }

    void compare() {
      assertThat(bounded.state(id)).isEqualTo(plain.state(id));
      compare(next - 1);
      compare(next);
      compare(next - KEPT);
      compare(next - KEPT - 1);
      compare(random.nextLong(-1, next + 2));
      compare(next - random.nextLong(KEPT + 100));
    }
  }

  private void compareFor(int steps, long memory, int chains) throws Exception {
    try (BoundedChains bounded = new BoundedChains(memory)) {
      for (int i = 0; i < chains; i++) {
        writers.add(new Writer(bounded));
        writers.getLast().append(0);
      }
      for (int step = 0; step < steps; step++) {
        Writer writer = writers.get(random.nextInt(writers.size()));
        switch (random.nextInt(12)) {
          case 0 -> writer.fill();
          case 1 -> writer.append(writer.next + jump());
          default -> writer.append(writer.next);
        }
        writer.compare();
      }
    }
  }

  private long jump() {
    return switch (random.nextInt(40)) {
      case 0 -> random.nextInt(3 * KEPT);
      case 1 -> 1L << 40;
      default -> random.nextInt(20);
    };
  }

  @Test
  void oneChainIsRememberedFarBeyondItsNewestLinks() throws Exception {
    compareFor(30_000, 1 << 20, 1);
  }

  @Test
  void manyChainsAreRememberedWithTwoPagesInMemory() throws Exception {
    compareFor(20_000, 0, 40);
  }
}
