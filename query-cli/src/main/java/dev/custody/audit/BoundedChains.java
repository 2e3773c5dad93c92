package dev.custody.audit;

import dev.custody.admission.ChainMemory;
import dev.custody.admission.ChainVerifier;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers chains in bounded memory: links lie in pages of 64, of which few are in memory. Of each
 * chain its state and the references of its newest pages stay, a few hundred bytes; and of what
 * came so late that it had left the newest links already, some bytes for each page.
 *
 * <p>Not safe for use by several threads.
 */
public final class BoundedChains implements ChainMemory, AutoCloseable {
  private static final int LINKS = 64;
  private static final int LINK_BYTES = 2 * Digest.SIZE;

  // A page: which of its links are there, a bit each, then the links.
  private static final int LINKS_AT = Long.BYTES;
  private static final int PAGE_BYTES = LINKS_AT + LINKS * LINK_BYTES;
  private static final VarHandle BITS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // The newest links lie on one page more than they fill, and move on to one more.
  private static final int RING = ChainVerifier.LINKS_KEPT / LINKS + 2;

  private final Map<ChainId, Chain> chains = new HashMap<>();
  private final LinkPages pages;
  private @Nullable Chain last;

  /** What stays in memory of a chain. */
  private static final class Chain implements LinkPages.Owner {
    private final ChainId id;
    private @Nullable State state;

    // The position after the newest link: the ring holds those of the newest LINKS_KEPT before it.
    private long next;
    private int[] ring = new int[1];
    private @Nullable Map<Long, Integer> late;

    Chain(ChainId id) {
      this.id = id;
    }

    @Override
    public void moved(long number, int reference) {
      if (number >= 0) {
        ring[(int) (number % ring.length)] = reference;
      } else {
        latePages().put(number, reference);
      }
    }

    Map<Long, Integer> latePages() {
      Map<Long, Integer> known = late;
      if (known == null) {
        known = new HashMap<>();
        late = known;
      }
      return known;
    }
  }

  /** Keeps at most about {@code bytes} of links in memory. */
  public BoundedChains(long bytes) {
    this.pages = new LinkPages(PAGE_BYTES, (int) Math.min(1 << 20, bytes / PAGE_BYTES));
  }

  private @Nullable Chain chain(ChainId id) {
    Chain chain = last;
    if (chain == null || !id.equals(chain.id)) {
      chain = chains.get(id);
      last = chain;
    }
    return chain;
  }

  private Chain chainOrNew(ChainId id) {
    Chain chain = chain(id);
    if (chain == null) {
      chain = new Chain(id);
      last = chain;
      chains.put(id, chain);
    }
    return chain;
  }

  @Override
  public @Nullable State state(ChainId id) {
    Chain chain = chain(id);
    return chain == null ? null : chain.state;
  }

  @Override
  public void remember(ChainId id, State state) {
    chainOrNew(id).state = state;
  }

  @Override
  public @Nullable LinkAt linkAt(ChainId id, long sequence) {
    Chain chain = chain(id);
    if (chain == null || sequence < 0) {
      return null;
    }
    byte[] page = isNewest(chain, sequence) ? ringPage(chain, sequence / LINKS) : null;
    int at = (int) (sequence % LINKS);
    if (page == null || !isThere(page, at)) {
      page = latePage(chain, sequence / LINKS);
    }
    if (page == null || !isThere(page, at)) {
      return null;
    }
    int from = LINKS_AT + at * LINK_BYTES;
    return new LinkAt(new Digest(page, from), new Digest(page, from + Digest.SIZE));
  }

  private static boolean isThere(byte[] page, int at) {
    return (((long) BITS.get(page, 0) >>> at) & 1) == 1;
  }

  @Override
  public void keep(ChainId id, long sequence, LinkAt link) {
    Chain chain = chainOrNew(id);
    if (sequence >= chain.next) {
      advance(chain, sequence);
    }
    long number = sequence / LINKS;
    boolean newest = isNewest(chain, sequence);
    byte[] page = newest ? ringPage(chain, number) : latePage(chain, number);
    if (page == null) {
      page = pages.create(chain, newest ? number : -1 - number);
    }
    int at = (int) (sequence % LINKS);
    BITS.set(page, 0, (long) BITS.get(page, 0) | (1L << at));
    int from = LINKS_AT + at * LINK_BYTES;
    link.previous().copyTo(page, link.hash().copyTo(page, from));
  }

  @Override
  public void forget(ChainId id, long sequence) {
    // What leaves the newest links is gone with the next one that is kept.
  }

  private static boolean isNewest(Chain chain, long sequence) {
    return sequence < chain.next && sequence >= chain.next - ChainVerifier.LINKS_KEPT;
  }

  /** Makes room for a newer link than all others. */
  private void advance(Chain chain, long sequence) {
    long newest = sequence / LINKS;
    if (newest > 0 && chain.ring.length == 1) {
      chain.ring = Arrays.copyOf(chain.ring, RING);
    }
    long before = chain.next == 0 ? 0 : (chain.next - 1) / LINKS;
    for (long number = Math.max(before, newest - RING) + 1; number <= newest; number++) {
      int slot = (int) (number % chain.ring.length);
      pages.drop(chain.ring[slot]);
      chain.ring[slot] = LinkPages.NONE;
    }
    chain.next = sequence + 1;
  }

  private byte @Nullable [] ringPage(Chain chain, long number) {
    int reference = chain.ring[(int) (number % chain.ring.length)];
    return reference == LinkPages.NONE ? null : pages.get(chain, number, reference);
  }

  private byte @Nullable [] latePage(Chain chain, long number) {
    Integer reference = chain.late == null ? null : chain.late.get(-1 - number);
    return reference == null ? null : pages.get(chain, -1 - number, reference);
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
