package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * The person an actor is said to act for.
 *
 * @param id E-mail address, account name, or unknown human on HOST
 * @param basis how the person is known
 * @param osUser enrolled operating-system user of the collector
 * @param gitEmail user.email of the repository at work
 */
public record Human(
    String id, HumanBasis basis, @Nullable String osUser, @Nullable String gitEmail) {}
