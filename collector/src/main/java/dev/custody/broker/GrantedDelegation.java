package dev.custody.broker;

import dev.custody.identity.Scope;
import java.time.Instant;

/**
 * A delegation that is in force for a session.
 *
 * @param id its id
 * @param grantor the human who signed it
 * @param scope what it allows
 * @param expiresAt its end
 * @param presented whether the session presented its id, rather than it being found by the human's
 *     name
 */
public record GrantedDelegation(
    String id, String grantor, Scope scope, Instant expiresAt, boolean presented) {}
