package dev.custody.trust;

import dev.custody.chain.ChainHead;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.event.Body;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges positions by a set of revocations and by what was known when it was made. Of several
 * revocations each takes trust away and none gives it back: a position is trusted when every one of
 * them leaves it so.
 */
public final class TrustJudge {
  private static final Trust TRUSTED = new Trust.Trusted();

  private final List<Reach> reaches = new ArrayList<>();
  private final Histories histories;

  /** A revocation, and how far each chain is trusted under its key; no other chain is at all. */
  private record Reach(Revocation revocation, Map<ChainId, ChainHead> trustedTo) {}

  TrustJudge(List<Revocation> revocations, Histories histories) {
    this.histories = histories;
    revocations.forEach(r -> reaches.add(new Reach(r, trustedTo(r, histories))));
  }

  // A genesis names its predecessor before anybody stole anything from it: what it names is as good
  // as the chain itself. A chain that is met twice would be its own past; the first meeting counts.
  private static Map<ChainId, ChainHead> trustedTo(Revocation revocation, Histories histories) {
    Map<ChainId, ChainHead> trusted = new HashMap<>();
    ChainHead end = new ChainHead(revocation.chain(), revocation.lastTrusted(), revocation.link());
    while (end != null && trusted.putIfAbsent(end.chain(), end) == null) {
      Body.Predecessor before = histories.predecessor(end.chain());
      end = before == null ? null : new ChainHead(before.chain(), before.sequence(), before.link());
    }
    return trusted;
  }

  /**
   * Whether an admitted record is believed.
   *
   * @param chain its chain
   * @param sequence its position
   * @param link its link hash, null where it is not at hand
   * @param key the key that sealed it
   */
  public Trust of(ChainId chain, long sequence, @Nullable Digest link, KeyId key) {
    for (Reach reach : reaches) {
      Trust.Why why = why(reach, chain, sequence, link, key);
      if (why != null) {
        return new Trust.Untrusted(reach.revocation(), why);
      }
    }
    return TRUSTED;
  }

  private Trust.@Nullable Why why(
      Reach reach, ChainId chain, long sequence, @Nullable Digest link, KeyId key) {
    Revocation revocation = reach.revocation();
    boolean named = chain.equals(revocation.chain());
    ChainHead end = reach.trustedTo().get(chain);
    if (!named && !key.equals(revocation.key())) {
      return null;
    }
    if (end == null) {
      return Trust.Why.ANOTHER_CHAIN;
    }
    boolean other = sequence == end.sequence() && link != null && !link.equals(end.link());
    if (other || !histories.links(chain, end.sequence()).stream().allMatch(end.link()::equals)) {
      return Trust.Why.ANOTHER_HISTORY;
    }
    if (sequence <= end.sequence() || !key.equals(revocation.key())) {
      return null;
    }
    return named ? Trust.Why.AFTER_THE_LAST_TRUSTED : Trust.Why.ANOTHER_CHAIN;
  }
}
