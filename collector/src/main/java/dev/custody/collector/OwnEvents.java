package dev.custody.collector;

import dev.custody.capture.Observer;
import dev.custody.chain.ChainHead;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import org.jspecify.annotations.Nullable;

/** What the collector says of itself. */
final class OwnEvents {
  private final Observer observer;
  // The writer's own: what the next chain, or the next rotation, says of its key.
  private Bytes certificate;
  private final String software;

  OwnEvents(Observer observer, Bytes certificate, String software) {
    this.observer = observer;
    this.certificate = certificate;
    this.software = software;
  }

  /** Opens a chain that follows {@code last}; null with a predecessor means that it is unknown. */
  Event genesis(@Nullable ChainHead last, boolean predecessorUnknown) {
    return event(
        new Body.Genesis(
            certificate,
            last == null ? null : new Body.Predecessor(last.chain(), last.sequence(), last.link()),
            last == null && predecessorUnknown,
            software));
  }

  /** From the next position on, the key in {@code next} seals; later chains carry it too. */
  Event rotated(Bytes next) {
    certificate = next;
    return event(new Body.KeyRotated(next));
  }

  Event heartbeat(long captured, long refused, long spooled) {
    return event(new Body.CollectorHeartbeat(captured, refused, spooled));
  }

  Event stopped(ChainHead last) {
    return event(new Body.CollectorStopped(last.sequence(), last.link()));
  }

  private Event event(Body body) {
    return new EventBuilder(
            new Source("custody", body.name(), null, software),
            observer.host(),
            observer.clock().instant(),
            body)
        .build();
  }
}
