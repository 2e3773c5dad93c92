package dev.custody.correlate;

import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An identifier that a session has come to know.
 *
 * @param identifier the identifier
 * @param since from when on
 * @param toolCall the tool call that showed it
 * @param event the event that shows it
 */
public record Shown(
    Identifier identifier, Instant since, @Nullable String toolCall, EventId event) {}
