package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * Who is said to have acted.
 *
 * @param human null where the source cannot know
 * @param agent null for what no agent reported
 */
public record Actor(@Nullable Human human, @Nullable Agent agent) {}
