package dev.custody.trust;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of chains where a revocation is judged. More may become known later. */
public interface Histories {
  /**
   * What the admitted genesis of {@code chain} names as the chain before, null when it names none
   * or is not known.
   */
  Body.@Nullable Predecessor predecessor(ChainId chain);

  /** The link hashes seen at a position: none when it is not known, several when it is forked. */
  Set<Digest> links(ChainId chain, long sequence);
}
