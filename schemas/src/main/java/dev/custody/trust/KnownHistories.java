package dev.custody.trust;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Histories in memory. It grows with the chains, and with the links that it is told: those of the
 * positions that revocations and geneses name suffice.
 *
 * <p>Not safe for use by several threads.
 */
public final class KnownHistories implements Histories {
  private final Map<ChainId, Body.Predecessor> predecessors = new HashMap<>();
  private final Map<ChainId, Map<Long, Set<Digest>>> links = new HashMap<>();

  /** Learns what an admitted genesis says. */
  public void opened(ChainId chain, Body.Genesis genesis) {
    if (genesis.predecessor() != null) {
      predecessors.put(chain, genesis.predecessor());
    }
  }

  /** Learns that a record with this link hash is stored there. */
  public void stored(ChainId chain, long sequence, Digest link) {
    var _ =
        links
            .computeIfAbsent(chain, c -> new HashMap<>())
            .computeIfAbsent(sequence, s -> new HashSet<>())
            .add(link);
  }

  @Override
  public Body.@Nullable Predecessor predecessor(ChainId chain) {
    return predecessors.get(chain);
  }

  @Override
  public Set<Digest> links(ChainId chain, long sequence) {
    return links.getOrDefault(chain, Map.of()).getOrDefault(sequence, Set.of());
  }
}
