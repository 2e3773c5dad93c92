package dev.custody.delegation;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.Bytes;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import java.time.Instant;

/**
 * A key that a root vouches for in one role.
 *
 * @param certificate what the root says of it; ES256, in the role that was asked for
 */
record CertifiedSigner(Certificate certificate) {
  private static final String ES256 = "ES256";

  static CertifiedSigner of(Bytes signed, CertificateRole role, TrustedRoots roots)
      throws InvalidDelegationException {
    Certificate certificate;
    try {
      certificate = roots.verify(signed);
    } catch (UntrustedException e) {
      throw new InvalidDelegationException(
          DelegationDefect.UNKNOWN_SIGNER, "the signer's certificate: " + e.getMessage(), e);
    }
    if (certificate.role() != role || !certificate.algorithm().equals(ES256)) {
      throw new InvalidDelegationException(
          DelegationDefect.WRONG_SIGNER,
          "expected the certificate of a %s, found %s %s with %s (expected ES256)"
              .formatted(role, certificate.role(), certificate.subject(), certificate.algorithm()));
    }
    return new CertifiedSigner(certificate);
  }

  String jwks() {
    return certificate.publicKey().utf8();
  }

  void mustBe(String signer) throws InvalidDelegationException {
    if (!certificate.subject().equals(signer)) {
      throw new InvalidDelegationException(
          DelegationDefect.WRONG_SIGNER,
          "expected signer %s, as certified, found %s".formatted(certificate.subject(), signer));
    }
  }

  void mustBeValidAt(Instant issuedAt) throws InvalidDelegationException {
    if (issuedAt.isBefore(certificate.notBefore()) || !issuedAt.isBefore(certificate.notAfter())) {
      throw new InvalidDelegationException(
          DelegationDefect.SIGNED_OUTSIDE_VALIDITY,
          "issued at %s, the key of %s is certified from %s until %s"
              .formatted(
                  issuedAt,
                  certificate.subject(),
                  certificate.notBefore(),
                  certificate.notAfter()));
    }
  }
}
