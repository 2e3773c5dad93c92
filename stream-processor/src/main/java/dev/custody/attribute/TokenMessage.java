package dev.custody.attribute;

import org.jspecify.annotations.Nullable;

/**
 * What travels to a token's partition.
 *
 * @param claim A claim, or null
 * @param ask an ask, or null
 */
public record TokenMessage(@Nullable Claim claim, @Nullable Ask ask) {}
