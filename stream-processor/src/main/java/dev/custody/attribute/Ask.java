package dev.custody.attribute;

/**
 * An event of the world asks a token who carried it.
 *
 * @param token KIND:value of an identifier
 * @param tokens how many tokens the event asks in all
 * @param question what is asked
 */
public record Ask(String token, int tokens, Question question) {}
