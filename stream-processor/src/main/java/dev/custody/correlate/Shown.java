package dev.custody.correlate;

import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import java.time.Instant;

/**
 * An identifier that a session has come to know.
 *
 * @param identifier the identifier
 * @param since from when on
 * @param toolCall the tool call that showed or named it
 * @param event the event that tells it
 * @param inResult true when a result showed it; false when only a command named it
 */
public record Shown(
    Identifier identifier, Instant since, String toolCall, EventId event, boolean inResult) {}
