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
   * What became of them.
   *
   * @param recorded how many are now durable
   * @param repeated how many were known
   */
  record Receipt(int recorded, int repeated) {}
}
