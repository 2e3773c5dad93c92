package dev.custody.hook;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where things are on the developer's machine.
 *
 * @param home the user's home directory
 * @param data Custody's data directory
 * @param environment environment variables
 * @param launcher the {@code custody} command that git's hooks call; null when it is not known
 */
public record Machine(
    Path home, Path data, Map<String, String> environment, @Nullable Path launcher) {
  /** Copies. */
  public Machine {
    environment = Map.copyOf(environment);
  }

  /** What {@code name} is set to; empty when it is not, or to nothing. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  /** The directory that {@code variable} names, or else {@code inHome}. */
  Path directory(String variable, String inHome) {
    return variable(variable).map(Path::of).orElse(home.resolve(inHome));
  }
}
