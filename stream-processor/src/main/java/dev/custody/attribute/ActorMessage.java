package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import org.jspecify.annotations.Nullable;

/**
 * What travels to a human's partition.
 *
 * @param event an act, or null
 * @param grant A grant, or null
 * @param ending A revocation or the end of a session, or null
 */
public record ActorMessage(
    @Nullable Attribution event, @Nullable Grant grant, @Nullable Ending ending) {}
