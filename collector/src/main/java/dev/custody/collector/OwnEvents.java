package dev.custody.collector;

import dev.custody.capture.Observer;
import dev.custody.chain.ChainHead;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.identity.Certificate;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the collector says of itself. */
final class OwnEvents {
  private final Observer observer;
  // The writer's own: what the next chain, or the next rotation, says of its key.
  private Bytes certificate;
  private volatile Certificate read;
  private final String software;

  OwnEvents(Observer observer, Bytes certificate, String software) {
    this.observer = observer;
    this.certificate = certificate;
    this.read = read(certificate);
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
    under(next);
    return event(new Body.KeyRotated(next));
  }

  /** Later chains carry {@code next}. */
  void under(Bytes next) {
    certificate = next;
    read = read(next);
  }

  private static Certificate read(Bytes signed) {
    try {
      return Formats.CERTIFICATE.decode(
          Formats.SIGNED_CERTIFICATE.decode(signed.toByteArray()).certificate().toByteArray());
    } catch (WireException e) {
      throw new IllegalArgumentException("expected a certificate: " + e.getMessage(), e);
    }
  }

  /** {@link #outsideValidity(Instant)} now. */
  @Nullable String outsideValidity() {
    return outsideValidity(observer.clock().instant());
  }

  /**
   * Why an event that was observed at {@code time} must not be recorded, or null when it may:
   * admission rejects what lies outside the certificate's validity, and the chain would be broken.
   */
  @Nullable String outsideValidity(Instant time) {
    Certificate known = read;
    return time.isBefore(known.notBefore()) || !time.isBefore(known.notAfter())
        ? "the collector's certificate is valid from %s until %s, it is %s; is the clock right? If so; try: custody keys rotate collector"
            .formatted(known.notBefore(), known.notAfter(), time)
        : null;
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
