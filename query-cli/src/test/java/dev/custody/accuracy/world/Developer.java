package dev.custody.accuracy.world;

import dev.custody.accuracy.format.Repository;
import java.util.List;

/**
 * Somebody who works by hand and with agents.
 *
 * @param email address, as in git
 * @param machine their machine
 * @param profile the credential of their {@code ~/.aws}: shown to nobody unless asked for
 * @param repositories where they and their agents work
 */
public record Developer(
    String email, Machine machine, Credential profile, List<Repository> repositories) {
  /** The address before the at sign. */
  public String name() {
    return email.substring(0, email.indexOf('@'));
  }

  /** Whether the cloud calls the profile by a name that is this human's. */
  public boolean profileIsNamedLikeThem() {
    return profile.name().equals(email)
        || profile.name().equals(name())
        || profile.name().equals(machine.osUser());
  }
}
