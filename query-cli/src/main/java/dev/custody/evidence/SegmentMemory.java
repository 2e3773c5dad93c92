package dev.custody.evidence;

import dev.custody.admission.ChainMemory;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier remembers of a segment that it reads once, in order: the newest link and no
 * other.
 */
final class SegmentMemory implements ChainMemory {
  private @Nullable State state;
  private long at = -1;
  private @Nullable LinkAt newest;

  @Override
  public @Nullable State state(ChainId chain) {
    return state;
  }

  @Override
  public void remember(ChainId chain, State known) {
    state = known;
  }

  @Override
  public @Nullable LinkAt linkAt(ChainId chain, long sequence) {
    return sequence == at ? newest : null;
  }

  @Override
  public void keep(ChainId chain, long sequence, LinkAt link) {
    at = sequence;
    newest = link;
  }

  @Override
  public void forget(ChainId chain, long sequence) {
    // Only the newest is kept.
  }

  /** The link hash that the next position has to name. */
  Digest newest() {
    return newest == null ? Digest.ZERO : newest.hash();
  }

  /**
   * Takes in a position whose event is withheld. Nobody vouches for its link but the next disclosed
   * event, which has to name it or one that names it.
   */
  void withheld(ChainId chain, long sequence, Digest link) {
    State known = state;
    if (known == null) {
      throw new IllegalStateException("#0 is never withheld");
    }
    keep(chain, sequence, new LinkAt(link, newest()));
    state = new State(known.collector(), known.keys(), sequence + 1, List.of());
  }
}
