package dev.custody.sighting;

import dev.custody.redact.Redactor;
import dev.custody.redact.SecretKind;
import dev.custody.signing.FingerprintKey;

/**
 * Which key names which secret. One that nobody can guess is named under the organisation's key, so
 * that it is recognised wherever it appears. One that a human may have chosen is named under a key
 * that is forgotten with the session: no guess can be tested against the log afterwards.
 */
public final class SecretPrints {
  private SecretPrints() {}

  /** A redactor with the organisation's key and the key of one session, or of one import. */
  public static Redactor redactor(FingerprintKey organisation, FingerprintKey session) {
    return new Redactor((kind, secret) ->
        (kind.entropy() == SecretKind.Entropy.HIGH ? organisation : session).of(kind.id(), secret));
  }
}
