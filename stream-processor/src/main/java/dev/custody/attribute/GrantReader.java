package dev.custody.attribute;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.signing.TokenVerifier;

/**
 * Verifies a recorded delegation offline: the root vouches for the human's key, the human's key for
 * the delegation.
 */
public final class GrantReader {
  private final TrustedRoots roots;

  /** Trusts {@code roots}. */
  public GrantReader(TrustedRoots roots) {
    this.roots = roots;
  }

  /**
   * The delegation that {@code event} records.
   *
   * @throws InvalidDelegationException when a signer is unknown, a signature fails, or the parts do
   *     not fit each other
   */
  public Grant read(Event event, Body.DelegationGranted granted) throws InvalidDelegationException {
    Certificate certificate;
    try {
      certificate = roots.verify(granted.certificate());
    } catch (UntrustedException e) {
      throw new InvalidDelegationException("unknown signer: " + e.getMessage(), e);
    }
    Delegation delegation = TokenVerifier.verify(granted.token(), certificate.publicKey().utf8());
    if (certificate.role() != CertificateRole.HUMAN
        || !certificate.subject().equals(delegation.grantor())) {
      throw new InvalidDelegationException(
          "expected the certificate of human %s, found %s %s"
              .formatted(delegation.grantor(), certificate.role(), certificate.subject()));
    }
    if (!delegation.id().equals(granted.id())) {
      throw new InvalidDelegationException(
          "expected id " + granted.id() + ", found " + delegation.id());
    }
    if (delegation.issuedAt().isBefore(certificate.notBefore())
        || !delegation.issuedAt().isBefore(certificate.notAfter())) {
      throw new InvalidDelegationException(
          "issued at %s, the key is certified from %s until %s"
              .formatted(delegation.issuedAt(), certificate.notBefore(), certificate.notAfter()));
    }
    return new Grant(
        delegation.id(),
        delegation.grantor(),
        delegation.delegate().toString(),
        delegation.scope().toAuthorizationDetails(),
        delegation.issuedAt(),
        delegation.notBefore(),
        delegation.expiresAt(),
        event.id(),
        event.observedAt());
  }
}
