package dev.custody.attribute;

import dev.custody.event.EventId;
import java.time.Instant;

/**
 * A delegation that was granted, as recorded.
 *
 * @param id delegation id
 * @param grantor human
 * @param delegate SPIFFE ID
 * @param authorizationDetails scope, RFC 9396 JSON
 * @param issuedAt when it was made
 * @param notBefore start, inclusive
 * @param expiresAt end, exclusive
 * @param grantedIn the event
 * @param observedAt when it was recorded
 */
public record Grant(
    String id,
    String grantor,
    String delegate,
    String authorizationDetails,
    Instant issuedAt,
    Instant notBefore,
    Instant expiresAt,
    EventId grantedIn,
    Instant observedAt) {}
