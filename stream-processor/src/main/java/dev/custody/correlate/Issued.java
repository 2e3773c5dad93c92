package dev.custody.correlate;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record of a credential that a session was given.
 *
 * @param identifier the credential
 * @param event the event that tells it
 * @param since from when on
 * @param until when it ends
 * @param byBroker true of our own broker's record, false of the provider's
 * @param grade how well it is known that it was given to this session
 * @param delegation the delegation that it was issued for
 * @param parent the credential that it descends from
 * @param address where it was asked for, as the provider saw it
 * @param revokedAt from when on it was revoked
 * @param candidate the session, as that event names it
 */
public record Issued(
    Identifier identifier,
    EventId event,
    Instant since,
    @Nullable Instant until,
    boolean byBroker,
    Grade grade,
    @Nullable String delegation,
    @Nullable Identifier parent,
    @Nullable String address,
    @Nullable Instant revokedAt,
    Candidate candidate) {
  Issued revoked(@Nullable Instant at) {
    return new Issued(
        identifier,
        event,
        since,
        until,
        byBroker,
        grade,
        delegation,
        parent,
        address,
        at,
        candidate);
  }
}
