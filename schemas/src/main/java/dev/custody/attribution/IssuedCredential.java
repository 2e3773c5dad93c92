package dev.custody.attribution;

import dev.custody.event.Identifier;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential that an event shows being handed out.
 *
 * @param credential its public identifier
 * @param parent the credential that it was asked for with
 * @param issuer who issued it
 * @param authority what it may do at most, for example the ARN of a role
 * @param expiresAt when it ends
 */
public record IssuedCredential(
    Identifier credential,
    @Nullable Identifier parent,
    String issuer,
    @Nullable String authority,
    @Nullable Instant expiresAt) {}
