package dev.custody.trust;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Histories in memory. It grows with the chains, and with the links that it is told: those of the
 * positions that revocations and geneses name suffice.
 *
 * <p>Not safe for use by several threads.
 */
public final class KnownHistories implements Histories {
  private static final Pattern FOLLOWS =
      Pattern.compile("follows chain ([0-9a-f]{32})#([0-9]{1,18}), link ([0-9a-f]{64})");

  private final Map<ChainId, Body.Predecessor> predecessors = new HashMap<>();
  private final Map<ChainId, Map<Long, Set<Digest>>> links = new HashMap<>();

  /** Learns what an admitted genesis says. */
  public void opened(ChainId chain, Body.Genesis genesis) {
    if (genesis.predecessor() != null) {
      predecessors.put(chain, genesis.predecessor());
    }
  }

  /** What a genesis names, in words that {@link #opened(ChainId, String)} understands. */
  public static String text(Body.Predecessor predecessor) {
    return "follows chain %s#%d, link %s"
        .formatted(predecessor.chain(), predecessor.sequence(), predecessor.link());
  }

  /** Learns what an admitted genesis says, in those words; others say nothing. */
  public void opened(ChainId chain, String text) {
    Matcher m = FOLLOWS.matcher(text);
    if (m.matches()) {
      predecessors.put(
          chain,
          new Body.Predecessor(
              ChainId.ofHex(m.group(1)), Long.parseLong(m.group(2)), Digest.ofHex(m.group(3))));
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
