package dev.custody.source.revocation;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.trust.Revocation;
import java.util.List;

/** Takes one line of a revocation file, and records it once a trusted root's signature verifies. */
public final class RevocationSource {
  private final TrustedRoots roots;
  private final Observer observer;

  /** Believes {@code roots}. */
  public RevocationSource(TrustedRoots roots, Observer observer) {
    this.roots = roots;
    this.observer = observer;
  }

  /**
   * The event that records what {@code body} revokes; the same revocation is known again.
   *
   * @throws UntrustedException when it is of another form, or no trusted root signed it
   */
  public Event event(byte[] body) throws UntrustedException {
    String line = new Bytes(body).utf8();
    Revocation revocation =
        Revocation.parse(line.endsWith("\n") ? line.substring(0, line.length() - 1) : line, roots);
    return new EventBuilder(
            new Source("custody", "KeyRevoked", Digest.sha256(revocation.statement()).hex(), null),
            observer.host(),
            observer.clock().instant(),
            revocation.body())
        .action("key:revoke")
        .resources(
            List.of(
                "key:" + revocation.key(),
                "chain:" + revocation.chain() + "#" + revocation.lastTrusted()))
        .build();
  }
}
