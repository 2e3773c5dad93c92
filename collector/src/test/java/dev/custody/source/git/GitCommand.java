package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A repository, driven by the git command as people and agents drive it. */
final class GitCommand {
  private final Path directory;
  private final Map<String, String> environment;

  private GitCommand(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** A fresh repository on branch main, of dana@acme.example. */
  static GitCommand init(Path directory) {
    GitCommand git = at(directory);
    git.run("init", "-q", "-b", "main");
    git.run("config", "user.name", "Dana");
    git.run("config", "user.email", "dana@acme.example");
    return git;
  }

  static GitCommand at(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GitCommand(directory, Map.of());
  }

  /** The same, with commits dated {@code time}. */
  GitCommand dated(String time) {
    return new GitCommand(directory, Map.of("GIT_COMMITTER_DATE", time, "GIT_AUTHOR_DATE", time));
  }

  Path directory() {
    return directory;
  }

  /** Commits {@code file} with new content; returns the commit's id. */
  String commit(String file, String message) {
    try {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, message + "\n" + System.nanoTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("add", "-A");
    run("commit", "-q", "-m", message);
    return head();
  }

  String head() {
    return run("rev-parse", "HEAD");
  }

  String run(String... arguments) {
    return feed("", arguments);
  }

  String feed(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-c", "protocol.file.allow=always"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.redirectErrorStream(true);
    try {
      Process process = builder.start();
      process.getOutputStream().write(input.getBytes(UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
