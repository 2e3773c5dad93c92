package dev.custody.wire;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Reject;
import dev.custody.attribution.TraceEdge;
import dev.custody.chain.Envelope;
import dev.custody.event.Event;
import dev.custody.identity.Certificate;
import dev.custody.identity.SignedCertificate;

/**
 * Every record of the contract; {@code docs/format.md} explains them, the {@code .avsc} files
 * beside this class define them.
 *
 * <p>Whoever changes the schema of a record that is kept leaves the one before as it is, in {@code
 * earlier/}, and gives each new field a default: the log is kept for ever. The other records are
 * derived from it, and rebuilt.
 */
public final class Formats {
  /**
   * Largest encoded event, in bytes (900 KiB); longer content keeps its head, its tail and the
   * omitted length.
   */
  public static final int MAX_EVENT_BYTES = 900 << 10;

  /** What happened. */
  public static final RecordFormat<Event> EVENT =
      RecordFormat.kept(
          Event.class,
          Formats.class,
          "event.avsc",
          "earlier/event-3.avsc",
          "earlier/event-2.avsc",
          "earlier/event-1.avsc");

  /**
   * A sealed link. It has had one schema so far: {@link BulkReader}, and the chain segments of
   * bundles of evidence, which hold its shortest encoding, have to learn of a second one.
   */
  public static final RecordFormat<Envelope> ENVELOPE =
      RecordFormat.kept(Envelope.class, Formats.class, "envelope.avsc");

  /** What the root says of a key. */
  public static final RecordFormat<Certificate> CERTIFICATE =
      RecordFormat.kept(
          Certificate.class, Formats.class, "certificate.avsc", "earlier/certificate-1.avsc");

  /** A certificate with the root's signature. */
  public static final RecordFormat<SignedCertificate> SIGNED_CERTIFICATE =
      RecordFormat.kept(SignedCertificate.class, Formats.class, "signed-certificate.avsc");

  /** Who did what an event records. */
  public static final RecordFormat<Attribution> ATTRIBUTION =
      RecordFormat.of(Attribution.class, Formats.class, "attribution.avsc");

  /** One edge of a trace. */
  public static final RecordFormat<TraceEdge> EDGE =
      RecordFormat.of(TraceEdge.class, Formats.class, "edge.avsc");

  /** What was not admitted. */
  public static final RecordFormat<Reject> REJECT =
      RecordFormat.of(Reject.class, Formats.class, "reject.avsc");

  private Formats() {}
}
