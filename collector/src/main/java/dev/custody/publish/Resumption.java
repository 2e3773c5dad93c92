package dev.custody.publish;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import java.util.ArrayList;
import java.util.List;

/**
 * What of the spool the log holds already, read back from the log itself: acknowledgements are
 * remembered by nobody after a crash, and may be void when a broker lost power.
 *
 * <p>Of each chain it is what the log holds without a gap, byte for byte and in order; what follows
 * a gap counts as not there and is sent again.
 */
final class Resumption {
  private static final int READ_AT_ONCE = 256;
  private static final long READ_BYTES = 4L << 20;

  private final List<Held> held;
  private final long firstLacking;

  /** Positions from {@code first} to before {@code end} are in the log. */
  private record Held(long first, long end) {}

  private Resumption(List<Held> held, long firstLacking) {
    this.held = held;
    this.firstLacking = firstLacking;
  }

  /** Nothing from {@code position} on was ever sent, or it may all be sent again. */
  static Resumption from(long position) {
    return new Resumption(List.of(), position);
  }

  /** Asks {@code outlet} for the positions from {@code from} to before {@code to}. */
  static Resumption read(Spool spool, Outlet outlet, long from, long to)
      throws SpoolException, OutletException, InterruptedException {
    List<Held> held = new ArrayList<>();
    long firstLacking = -1;
    long at = from;
    while (at < to) {
      Stretch stretch = new Stretch(spool, at, to);
      outlet.readBack(stretch.chain(), stretch.sinceMillis(), stretch::found);
      if (stretch.lacking() > at) {
        held.add(new Held(at, stretch.lacking()));
      }
      long end = stretch.end();
      if (firstLacking < 0 && stretch.lacking() < end) {
        firstLacking = stretch.lacking();
      }
      at = end;
    }
    return new Resumption(held, firstLacking < 0 ? to : firstLacking);
  }

  /** Whether the log holds it. */
  boolean holds(long position) {
    for (Held one : held) {
      if (position >= one.first() && position < one.end()) {
        return true;
      }
    }
    return false;
  }

  /** The oldest position that the log lacks. */
  long firstLacking() {
    return firstLacking;
  }

  /** The positions of one chain, which lie together in the spool. */
  private static final class Stretch {
    private final Spool spool;
    private final long to;
    private final ChainId chain;
    private final long sinceMillis;
    private List<Spooled> read;
    private int next;

    Stretch(Spool spool, long from, long to) throws SpoolException {
      this.spool = spool;
      this.to = to;
      this.read = spool.read(from, READ_AT_ONCE, READ_BYTES);
      this.chain = read.getFirst().chain();
      this.sinceMillis = read.getFirst().observedAtMillis();
    }

    ChainId chain() {
      return chain;
    }

    long sinceMillis() {
      return sinceMillis;
    }

    void found(Bytes value) throws SpoolException {
      if (isIn(next) && read.get(next).envelope().equals(value)) {
        advance();
      }
    }

    private boolean isIn(int index) {
      return index < read.size()
          && read.get(index).position() < to
          && read.get(index).chain().equals(chain);
    }

    private void advance() throws SpoolException {
      long last = read.get(next).position();
      next++;
      if (next == read.size() && last + 1 < to) {
        read = spool.read(last + 1, READ_AT_ONCE, READ_BYTES);
        next = 0;
      }
    }

    /** The first position of this chain that was not found; its end when all were. */
    long lacking() {
      return next < read.size() ? read.get(next).position() : read.getLast().position() + 1;
    }

    /** The position after the chain's last one. */
    long end() throws SpoolException {
      while (isIn(next)) {
        advance();
      }
      return Math.min(to, lacking());
    }
  }
}
