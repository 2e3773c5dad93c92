package dev.custody.doctor;

import dev.custody.hook.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * What came of a program that was run once.
 *
 * @param code with which it ended; empty when it did not, and was stopped
 * @param said the beginning of what it printed
 */
record Attempt(OptionalInt code, String said) {
  private static final int MOST = 16 << 10;
  private static final int LONGEST_LINE = 200;

  /** Runs {@code program}; what it prints goes through a file in {@code scratch}. */
  static Attempt of(ProcessBuilder program, Scratch scratch, Duration longest)
      throws IOException, InterruptedException {
    // A file, not a pipe: something that it leaves running would keep a pipe open.
    Path out = scratch.path().resolve("said");
    program.redirectInput(Path.of("/dev/null").toFile());
    program.redirectErrorStream(true).redirectOutput(out.toFile());
    Process process = program.start();
    boolean ended = false;
    try {
      ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    try (var in = Files.newInputStream(out)) {
      return new Attempt(
          ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty(),
          new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
    }
  }

  boolean succeeded() {
    return code.isPresent() && code.getAsInt() == 0;
  }

  /** How it ended, in words. */
  String end() {
    String first = said.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    String end = code.isPresent() ? "ends with " + code.getAsInt() : "does not come to an end";
    return first.isEmpty()
        ? end
        : end + ": " + first.substring(0, Math.min(LONGEST_LINE, first.length()));
  }

  /** Where {@code program} is on the machine's PATH. */
  static Optional<Path> find(Machine machine, String program) {
    for (String directory : machine.environment().getOrDefault("PATH", "").split(":", -1)) {
      Path file = directory.isEmpty() ? null : Path.of(directory).resolve(program);
      if (file != null && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
