package dev.custody.attribute;

/** What a token's partition has to say: to an event's, or to another token's. */
public sealed interface Reply permits EventMessage, Ask {}
