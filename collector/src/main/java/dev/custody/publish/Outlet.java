package dev.custody.publish;

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

  /** Gives up what is under way; every answer has been called when it returns, or is void. */
  @Override
  void close();

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
