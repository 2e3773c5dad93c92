package dev.custody.admission;

import dev.custody.digest.ChainId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers chains in memory: for each at most {@link ChainVerifier#LINKS_KEPT} links, about 600
 * KiB. For tests: an auditor of many chains bounds it.
 */
public final class InMemoryChains implements ChainMemory {
  private final Map<ChainId, State> states = new HashMap<>();
  private final Map<ChainId, Map<Long, LinkAt>> links = new HashMap<>();

  @Override
  public @Nullable State state(ChainId chain) {
    return states.get(chain);
  }

  @Override
  public void remember(ChainId chain, State state) {
    states.put(chain, state);
  }

  @Override
  public @Nullable LinkAt linkAt(ChainId chain, long sequence) {
    Map<Long, LinkAt> ofChain = links.get(chain);
    return ofChain == null ? null : ofChain.get(sequence);
  }

  @Override
  public void keep(ChainId chain, long sequence, LinkAt link) {
    links.computeIfAbsent(chain, c -> new HashMap<>()).put(sequence, link);
  }

  @Override
  public void forget(ChainId chain, long sequence) {
    Map<Long, LinkAt> ofChain = links.get(chain);
    if (ofChain != null) {
      ofChain.remove(sequence);
    }
  }
}
