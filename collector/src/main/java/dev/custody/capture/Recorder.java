package dev.custody.capture;

import dev.custody.event.Event;
import java.util.List;

/** Where sources put what they observed. Safe for use by several threads. */
public interface Recorder {
  /**
   * Makes {@code events} durable, in their order, all or none, and then returns.
   *
   * <p>An event whose {@link dev.custody.event.Source#id()} was recorded before, by the same kind
   * of source, is left out: a source may be read again from its start at any time.
   *
   * @param events any number; none of them larger than an event may be
   * @throws CaptureException when they could not be made durable; nothing of them was recorded
   */
  Receipt record(List<Event> events) throws CaptureException;

  /**
   * The same, not before it is their turn.
   *
   * @throws CaptureException when they could not be made durable, or their turn does not come
   */
  default Receipt record(List<Event> events, Turn turn) throws CaptureException {
    turn.take();
    Receipt receipt = record(events);
    turn.pass();
    return receipt;
  }

  /** A place in an order that several callers share. */
  interface Turn {
    /** Whoever comes. */
    Turn AT_ONCE =
        new Turn() {
          @Override
          public void take() {}

          @Override
          public void pass() {}
        };

    /** Waits until all that come before are on their way. */
    void take() throws CaptureException;

    /** This one is on its way; the next may follow. */
    void pass();
  }

  /**
   * What became of them.
   *
   * @param recorded how many are now durable
   * @param repeated how many were known
   */
  record Receipt(int recorded, int repeated) {}
}
