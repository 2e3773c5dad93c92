package dev.custody.collector;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.Bytes;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import java.time.Instant;

/**
 * The key that a collector seals with, and what the organisation's root says of it.
 *
 * @param signer its key
 * @param certificate signed certificate of that key
 */
public record CollectorKey(Signer signer, Bytes certificate) {
  /** Where a collector's key is kept. */
  @FunctionalInterface
  public interface Source {
    /**
     * The key that is in force there now.
     *
     * @throws KeyException when it cannot be used
     */
    CollectorKey current() throws KeyException;
  }

  /**
   * The certificate, once it is this key's, a trusted root's, and valid at {@code now}. What
   * admission would reject must not be recorded: it could not be mended afterwards.
   *
   * @throws CollectorException when it is not
   */
  Certificate check(TrustedRoots roots, Instant now) throws CollectorException {
    Certificate checked;
    try {
      checked = roots.verify(certificate);
    } catch (UntrustedException e) {
      throw new CollectorException("the collector's certificate: " + e.getMessage(), e);
    }
    Bytes key = signer.publicKey();
    if (checked.role() != CertificateRole.COLLECTOR || !checked.publicKey().equals(key)) {
      throw new CollectorException(
          "the collector's certificate: expected role COLLECTOR and key %s, found %s and key %s"
              .formatted(key.shortHex(), checked.role(), checked.publicKey().shortHex()));
    }
    if (now.isBefore(checked.notBefore()) || !now.isBefore(checked.notAfter())) {
      throw new CollectorException(
          "the collector's certificate is valid from %s until %s, it is %s; is the clock right? If so; try: custody keys rotate collector"
              .formatted(checked.notBefore(), checked.notAfter(), now));
    }
    return checked;
  }
}
