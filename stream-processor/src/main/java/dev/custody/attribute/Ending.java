package dev.custody.attribute;

import dev.custody.event.EventId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What ends delegations of a human before their time.
 *
 * @param grantor human
 * @param delegation delegation that was revoked, or null
 * @param session agent session that ended, or null
 * @param event the event that says so
 * @param observedAt when it was recorded: it counts from then
 * @param reason why, as told; may be empty
 */
public record Ending(
    String grantor,
    @Nullable String delegation,
    @Nullable String session,
    EventId event,
    Instant observedAt,
    String reason) {}
