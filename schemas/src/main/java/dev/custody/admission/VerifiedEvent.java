package dev.custody.admission;

import dev.custody.admission.Examiner.Linked;
import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.chain.Link;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;

/** An event whose seal and place in its chain were verified. Only {@link Admission} makes one. */
public final class VerifiedEvent {
  private final Linked linked;

  VerifiedEvent(Linked linked) {
    this.linked = linked;
  }

  /** The envelope it came in. */
  public Envelope envelope() {
    return linked.envelope().whole();
  }

  /** Its link: what a transparency log takes. */
  public Link link() {
    return linked.link();
  }

  /** Hash of its link. */
  public Digest linkHash() {
    return linked.hash();
  }

  /** As much of the event as was decoded. */
  public EventView view() {
    return linked.event();
  }

  /** What happened; decodes it where only a view was needed so far. */
  public Event event() {
    try {
      return view() instanceof Event event
          ? event
          : Formats.EVENT.decode(envelope().event().toByteArray());
    } catch (WireException e) {
      throw new IllegalStateException("a verified event does not decode: " + e.getMessage(), e);
    }
  }
}
