package dev.custody.admission;

import dev.custody.chain.Envelope;
import dev.custody.event.Event;

/** An event whose seal and place in its chain were verified. Only {@link Admission} makes one. */
public final class VerifiedEvent {
  private final Envelope envelope;
  private final Event event;

  VerifiedEvent(Envelope envelope, Event event) {
    this.envelope = envelope;
    this.event = event;
  }

  /** The envelope it came in. */
  public Envelope envelope() {
    return envelope;
  }

  /** What happened. */
  public Event event() {
    return event;
  }
}
