package dev.custody.correlate;

import dev.custody.event.Identifier;
import java.time.Instant;

/**
 * A credential was ended before its time.
 *
 * @param identifier the credential
 * @param at from when on
 */
public record Revoked(Identifier identifier, Instant at) {
  /** The earlier of the two. */
  Revoked earlier(Revoked other) {
    return other.at.isBefore(at) ? other : this;
  }
}
