package dev.custody.collector;

import dev.custody.digest.ChainId;
import dev.custody.publish.Outlet;
import dev.custody.publish.OutletException;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A log in memory that can be away, and can fail after any number of envelopes. */
public final class MemoryOutlet implements Outlet.Opener {
  private final List<Spooled> log = new ArrayList<>();
  private boolean down;
  private int failAfter = Integer.MAX_VALUE;
  private int opened;

  /** Everything that arrived, in order. */
  public synchronized List<Spooled> log() {
    return List.copyOf(log);
  }

  /** Whether nothing can be opened and nothing is taken. */
  public synchronized void down(boolean value) {
    down = value;
  }

  /** The outlet at hand takes so many more, and answers the next with a failure. */
  public synchronized void failAfter(int envelopes) {
    failAfter = envelopes;
  }

  /** How often an outlet was opened. */
  public synchronized int opened() {
    return opened;
  }

  /** Loses all but the oldest {@code envelopes}, as a broker may whose power fails. */
  public synchronized void keepOnly(int envelopes) {
    log.subList(envelopes, log.size()).clear();
  }

  @Override
  public synchronized Outlet open() throws OutletException {
    if (down) {
      throw new OutletException("no log", new IOException("down"));
    }
    opened++;
    return new Outlet() {
      @Override
      public void send(Spooled envelope, Answer answer) {
        answer.arrived(take(envelope));
      }

      @Override
      public void readBack(ChainId chain, long sinceMillis, Reader reader) throws SpoolException {
        for (Spooled held : log()) {
          if (held.chain().equals(chain)) {
            reader.value(held.envelope());
          }
        }
      }

      @Override
      public void close() {
        // Nothing is under way: answers are given at once.
      }
    };
  }

  private synchronized @org.jspecify.annotations.Nullable Exception take(Spooled envelope) {
    if (down || failAfter-- == 0) {
      return new IOException("the log failed");
    }
    log.add(envelope);
    return null;
  }
}
