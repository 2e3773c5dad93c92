package dev.custody.admission;

import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;

/** An event whose seal and place in its chain were verified. Only {@link Admission} makes one. */
public final class VerifiedEvent {
  private final EnvelopeView envelope;
  private final EventView view;

  VerifiedEvent(EnvelopeView envelope, EventView view) {
    this.envelope = envelope;
    this.view = view;
  }

  /** The envelope it came in. */
  public Envelope envelope() {
    return envelope.whole();
  }

  /** As much of the event as was decoded. */
  public EventView view() {
    return view;
  }

  /** What happened; decodes it where only a view was needed so far. */
  public Event event() {
    try {
      return view instanceof Event event
          ? event
          : Formats.EVENT.decode(envelope.event().toByteArray());
    } catch (WireException e) {
      throw new IllegalStateException("a verified event does not decode: " + e.getMessage(), e);
    }
  }
}
