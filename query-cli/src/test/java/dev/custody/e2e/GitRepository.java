package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A repository made by the real git, with nothing of this machine's configuration. */
record GitRepository(Path directory) {
  /** A fresh one, with one commit, of somebody with the address {@code email}. */
  static GitRepository make(Path directory, String email) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    GitRepository made = new GitRepository(directory.toRealPath());
    made.git("init", "-q", "-b", "trunk");
    made.git("config", "user.name", email.substring(0, email.indexOf('@')));
    made.git("config", "user.email", email);
    made.commit("README", "Begin " + directory.getFileName());
    return made;
  }

  /** Commits a change of {@code file}; answers the whole id. */
  String commit(String file, String message) throws IOException, InterruptedException {
    Path changed = directory.resolve(file);
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, message + "\n");
    git("add", "-A");
    git("commit", "-q", "-m", message);
    return git("rev-parse", "HEAD");
  }

  private String git(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
    return output;
  }
}
