package dev.custody.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks another program, in the user's own environment. */
final class Program {
  private static final int SECONDS = 5;
  private static final int MOST = 64 << 10;

  private Program() {}

  /** What {@code command} prints; empty when it is not there, fails, or takes too long. */
  static Optional<String> ask(Machine machine, @Nullable Path directory, String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    Optional<Path> program = find(machine, command[0]);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    words.set(0, program.get().toString());
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(machine.environment());
    builder.environment().put("HOME", machine.home().toString());
    // Which repository is meant is said by the directory alone.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<byte[]> out =
          CompletableFuture.supplyAsync(() -> {
            try {
              return process.getInputStream().readNBytes(MOST);
            } catch (IOException e) {
              return new byte[0];
            }
          });
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0
          ? Optional.of(new String(out.get(SECONDS, TimeUnit.SECONDS), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException | ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Where {@code name} is on the machine's PATH. */
  static Optional<Path> find(Machine machine, String name) {
    for (String directory : machine.variable("PATH").orElse("").split(":")) {
      Path program = directory.isEmpty() ? null : Path.of(directory).resolve(name);
      if (program != null && Files.isRegularFile(program) && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
