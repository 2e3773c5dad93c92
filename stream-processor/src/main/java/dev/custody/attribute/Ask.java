package dev.custody.attribute;

import dev.custody.attribution.Attribution;

/**
 * An event of the world asks a token who carried it.
 *
 * @param token KIND:value of an identifier
 * @param tokens how many tokens the event asks in all
 * @param event what is known of the event so far
 */
public record Ask(String token, int tokens, Attribution event) {}
