package dev.custody.publish;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import org.jspecify.annotations.Nullable;

/** One connection to where envelopes are published; after a failure it is closed and replaced. */
public interface Outlet extends AutoCloseable {
  /**
   * Sends {@code envelope} after all that were sent before.
   *
   * @param answer called once, by any thread
   */
  void send(Spooled envelope, Answer answer) throws InterruptedException;

  /**
   * Reads back what the log holds of {@code chain}, oldest first, up to the end that it has now.
   *
   * @param sinceMillis Kafka timestamp of the oldest envelope that is looked for
   * @param reader takes each value, that of others as well, who may have written under this chain
   */
  void readBack(ChainId chain, long sinceMillis, Reader reader)
      throws OutletException, SpoolException, InterruptedException;

  /** Gives up what is under way; every answer has been called when it returns, or is void. */
  @Override
  void close();

  /** Takes what is read back. */
  @FunctionalInterface
  interface Reader {
    /** Takes one value. */
    void value(Bytes value) throws SpoolException;
  }

  /** What became of one envelope. */
  @FunctionalInterface
  interface Answer {
    /**
     * Acknowledged, or not.
     *
     * @param failure null when it was acknowledged
     */
    void arrived(@Nullable Exception failure);
  }

  /** Makes an outlet whenever there is none, or the last one failed. */
  @FunctionalInterface
  interface Opener {
    /** A fresh outlet. */
    Outlet open() throws OutletException, InterruptedException;
  }
}
