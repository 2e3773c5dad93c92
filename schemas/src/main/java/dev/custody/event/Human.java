package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * The person an actor is said to act for.
 *
 * @param id E-mail address, account name, or unknown human on HOST
 * @param basis how the person is known
 * @param osUser enrolled operating-system user of the collector
 * @param gitEmail user.email of the repository at work; of a session whose repositories name
 *     several, another than the id
 */
public record Human(
    String id, HumanBasis basis, @Nullable String osUser, @Nullable String gitEmail) {
  /** The same, where a repository at work says {@code email} now; null where none says anything. */
  public Human told(@Nullable String email) {
    return email == null || email.equals(gitEmail) ? this : new Human(id, basis, osUser, email);
  }

  /** Whether the repository at work names another than this. */
  public boolean isContradicted() {
    return gitEmail != null && !gitEmail.equals(id);
  }
}
