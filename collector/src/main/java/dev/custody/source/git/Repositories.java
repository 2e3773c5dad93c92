package dev.custody.source.git;

import dev.custody.event.Host;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;

/** How a repository on a machine is named where an agent's work and a commit are joined. */
public final class Repositories {
  private Repositories() {}

  /** {@code host:directory}, of the main work tree. */
  public static Identifier identifier(Host host, String directory) {
    return new Identifier(IdentifierKind.REPOSITORY, host.name() + ':' + directory);
  }
}
