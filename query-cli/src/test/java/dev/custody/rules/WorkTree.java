package dev.custody.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.delegations.MemoryNotes;
import dev.custody.source.git.GitWatcher;
import dev.custody.source.git.TipStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;

/** A real repository, and the watcher that looks at it. */
final class WorkTree implements AutoCloseable {
  private final Path directory;
  private final GitWatcher watcher;

  private WorkTree(Path directory, GitWatcher watcher) {
    this.directory = directory;
    this.watcher = watcher;
  }

  /** Makes one in {@code directory}, whose first commit holds nothing. */
  static WorkTree begin(Path directory, Observer observer, Recorder recorder) throws Exception {
    Files.createDirectories(directory);
    try (Git git = Git.init().setDirectory(directory.toFile()).setInitialBranch("main").call()) {
      var config = git.getRepository().getConfig();
      config.setString("user", null, "name", "Dana");
      config.setString("user", null, "email", "dana@acme.example");
      config.setBoolean("commit", null, "gpgsign", false);
      config.save();
      PersonIdent who = new PersonIdent("Dana", "dana@acme.example", Acme.START, ZoneOffset.UTC);
      var _ =
          git.commit()
              .setAllowEmpty(true)
              .setAuthor(who)
              .setCommitter(who)
              .setMessage("Begin")
              .call();
    }
    WorkTree made = new WorkTree(directory, new GitWatcher(observer, recorder, tips()));
    made.watcher.visit(made.path());
    made.watcher.scanNow();
    return made;
  }

  /** Where it is. */
  String path() throws IOException {
    return directory.toRealPath().toString();
  }

  /** Commits the files of {@code how} with its message, as its author. */
  void commit(JsonNode how, Instant at) throws Exception {
    try (Git git = Git.open(directory.toFile())) {
      for (Map.Entry<String, JsonNode> file : how.required("files").properties()) {
        Path path = directory.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, file.getValue().asText());
      }
      git.add().addFilepattern(".").call();
      String email = how.required("author").asText();
      PersonIdent who = new PersonIdent(name(email), email, at, ZoneOffset.UTC);
      var _ =
          git.commit()
              .setAuthor(who)
              .setCommitter(who)
              .setMessage(how.required("message").asText())
              .call();
    }
    watcher.scanNow();
  }

  private static String name(String email) {
    return email.substring(0, email.indexOf('@'));
  }

  private static TipStore tips() {
    MemoryNotes notes = new MemoryNotes();
    return new TipStore() {
      @Override
      public byte @Nullable [] get(String name) {
        return notes.get(name);
      }

      @Override
      public void put(String name, byte[] value) {
        notes.put(name, value);
      }
    };
  }

  @Override
  public void close() {
    watcher.close();
  }
}
