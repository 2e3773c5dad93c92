package dev.custody.hook;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the Claude Code of this machine knows the events that it is given. */
final class ClaudeCodeVersion {
  private static final Pattern VERSION =
      Pattern.compile("\\s*([0-9]+)\\.([0-9]+)\\.([0-9]+)\\b.*", Pattern.DOTALL);

  /** The oldest that was seen to accept all of them. */
  private static final int[] OLDEST = {2, 1, 197};

  private ClaudeCodeVersion() {}

  /**
   * An older version skips its whole settings file at the first event that it does not know, with
   * all that the user has set in it.
   *
   * @throws HookException when it is older; without it nothing is known, and nothing refused
   */
  static void check(Machine machine) throws HookException {
    Optional<String> said =
        machine.variable("PATH").flatMap(path -> Program.ask(machine, null, "claude", "--version"));
    Matcher version = VERSION.matcher(said.orElse(""));
    if (!version.matches()) {
      return;
    }
    int[] found = new int[OLDEST.length];
    for (int i = 0; i < OLDEST.length; i++) {
      found[i] = Integer.parseInt(version.group(i + 1));
    }
    if (Arrays.compare(found, OLDEST) < 0) {
      throw new HookException(
          "claude --version: expected 2.1.197 or newer, found %d.%d.%d, which skips settings with events that it does not know"
              .formatted(found[0], found[1], found[2]),
          "update Claude Code first: claude update");
    }
  }
}
