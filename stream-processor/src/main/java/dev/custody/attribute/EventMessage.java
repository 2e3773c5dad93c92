package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import org.jspecify.annotations.Nullable;

/**
 * What travels to an event's partition.
 *
 * @param draft what is known of the event itself; with one of its answers only
 * @param answer an answer
 */
public record EventMessage(@Nullable Attribution draft, Answer answer) implements Reply {}
