package dev.custody.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells whether this process was started by a coding agent. It stops an agent that is merely eager,
 * not one that hides: a process can clear its environment and leave its parents.
 */
final class AgentProcess {
  private static final List<String> VARIABLES =
      List.of(
          "CLAUDECODE",
          "CLAUDE_CODE_SESSION_ID",
          "AI_AGENT",
          "CODEX_SESSION_ID",
          "CODEX_THREAD_ID",
          "GEMINI_CLI",
          "OPENCODE");
  private static final Set<String> PROGRAMS =
      Set.of("claude", "claude.exe", "codex", "gemini", "opencode");

  /** Programs whose name says nothing of what they run: many an agent is a script. */
  private static final Pattern INTERPRETER =
      Pattern.compile("node|nodejs|bun|deno|(python|ruby|perl)[0-9.]*|(ba|da|z|k)?sh|env");

  /** Their options that take the next word. */
  private static final Set<String> WITH_VALUE =
      Set.of("-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "-W", "-X");

  private static final Pattern SCRIPT_ENDING = Pattern.compile("\\.(js|mjs|cjs|ts|py|sh)$");

  private AgentProcess() {}

  /**
   * Refuses to go on inside an agent.
   *
   * @throws CouldNotRunException saying what gives the agent away
   */
  static void refuse() {
    around()
        .ifPresent(agent -> {
          throw new CouldNotRunException(
              "refused: this command runs inside a coding agent (" + agent + ")",
              "run it in a shell of your own",
              null);
        });
  }

  /** What gives the agent away, or nothing. */
  static Optional<String> around() {
    Optional<String> variable =
        VARIABLES.stream().filter(v -> System.getenv(v) != null).findFirst();
    return variable.isPresent()
        ? variable.map(v -> v + " is set")
        : ancestor(ProcessHandle.current());
  }

  private static Optional<String> ancestor(ProcessHandle process) {
    Optional<ProcessHandle> parent = process.parent();
    while (parent.isPresent()) {
      ProcessHandle one = parent.get();
      Optional<String> agent = names(one).filter(PROGRAMS::contains).findFirst();
      if (agent.isPresent()) {
        return agent.map(name -> "its parent " + one.pid() + " is " + name);
      }
      parent = one.parent();
    }
    return Optional.empty();
  }

  /** What a process is called: by its program, by itself, and by the script that it runs. */
  private static Stream<String> names(ProcessHandle process) {
    String program = name(process.info().command().orElse(""));
    String[] arguments = process.info().arguments().orElse(new String[0]);
    return Stream.of(
            Optional.of(program),
            title(process),
            INTERPRETER.matcher(program).matches() ? script(arguments) : Optional.<String>empty())
        .flatMap(Optional::stream);
  }

  // An agent on Node calls itself by its product: what was its first argument is overwritten.
  private static Optional<String> title(ProcessHandle process) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), ISO_8859_1);
      return Optional.of(name(line.split("\0", 2)[0].strip()));
    } catch (IOException e) {
      return Optional.empty(); // Not this system's, or another user's.
    }
  }

  private static Optional<String> script(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (WITH_VALUE.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-") && !arguments[i].equals("run")) {
        return Optional.of(name(arguments[i]));
      }
    }
    return Optional.empty();
  }

  private static String name(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return SCRIPT_ENDING.matcher(last).replaceFirst("");
  }
}
