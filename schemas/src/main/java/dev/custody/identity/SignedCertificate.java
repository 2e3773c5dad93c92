package dev.custody.identity;

import dev.custody.digest.Bytes;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;

/**
 * A certificate and the root's signature.
 *
 * @param certificate certificate, single-object encoded, exactly as signed
 * @param rootKey root key that signed
 * @param signature over HashDomain CERTIFICATE || certificate bytes
 */
public record SignedCertificate(Bytes certificate, KeyId rootKey, SignatureBytes signature) {}
