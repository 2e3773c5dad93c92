package dev.custody.identity;

import dev.custody.digest.Bytes;
import dev.custody.event.EventId;
import java.time.Instant;

/**
 * What the organisation's root says of a key.
 *
 * @param role what the key may do
 * @param subject SPIFFE ID of a collector, identity of a human, origin of a log
 * @param algorithm ed25519 or ES256
 * @param publicKey ed25519: 32 raw bytes. ES256: JSON Web Key Set, UTF-8
 * @param notBefore start of validity, inclusive
 * @param notAfter end of validity, exclusive
 * @param serial unique identifier of this certificate
 */
public record Certificate(
    CertificateRole role,
    String subject,
    String algorithm,
    Bytes publicKey,
    Instant notBefore,
    Instant notAfter,
    EventId serial) {}
