package dev.custody.signing;

import dev.custody.digest.Bytes;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;

/** Holds an Ed25519 private key and signs statements with it. */
public interface Signer {
  /** Id of the public key. */
  KeyId keyId();

  /** The public key, 32 raw bytes (RFC 8032). */
  Bytes publicKey();

  /** Signs {@code statement}: raw Ed25519, no prefix. */
  SignatureBytes sign(byte[] statement);
}
