package dev.custody.source.git;

import org.jspecify.annotations.Nullable;

/**
 * Where work happens.
 *
 * @param project name of the repository's directory, of the directory itself outside of any
 * @param repository directory of the repository, the same for all its work trees; null outside of
 *     any
 * @param workTree root of the work tree; null outside of any
 * @param gitEmail the {@code user.email} that git would use there; null outside of a repository
 */
public record Workplace(
    String project,
    @Nullable String repository,
    @Nullable String workTree,
    @Nullable String gitEmail) {}
