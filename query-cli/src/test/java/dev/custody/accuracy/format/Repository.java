package dev.custody.accuracy.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;

/** A real repository on disk, whose commits are made with the times that they are given. */
public final class Repository {
  private static final String MAIN = "refs/heads/main";

  private final Path directory;

  private Repository(Path directory) {
    this.directory = directory;
  }

  /** Makes one for {@code email}, whose first commit was made at {@code born}. */
  public static Repository make(Path directory, String email, Instant born) throws IOException {
    Files.createDirectories(directory);
    Path real = directory.toRealPath();
    try (Git git = Git.init().setDirectory(real.toFile()).setInitialBranch("main").call()) {
      var config = git.getRepository().getConfig();
      config.setString("user", null, "name", email.substring(0, email.indexOf('@')));
      config.setString("user", null, "email", email);
      config.save();
    } catch (GitAPIException e) {
      throw new IOException(e);
    }
    Repository made = new Repository(real);
    var _ = made.commit(email, born, "Begin " + real.getFileName());
    return made;
  }

  /** Its work tree. */
  public Path directory() {
    return directory;
  }

  /** The name that its directory has. */
  public String name() {
    return String.valueOf(directory.getFileName());
  }

  /** Commits to its main branch; answers the whole id. */
  public synchronized String commit(String email, Instant at, String message) throws IOException {
    try (Git git = Git.open(directory.toFile());
        ObjectInserter inserter = git.getRepository().newObjectInserter()) {
      ObjectId tip = git.getRepository().resolve(MAIN);
      CommitBuilder commit = new CommitBuilder();
      PersonIdent who =
          new PersonIdent(email.substring(0, email.indexOf('@')), email, at, ZoneOffset.UTC);
      commit.setAuthor(who);
      commit.setCommitter(who);
      commit.setMessage(message + "\n");
      commit.setTreeId(tree(inserter, at + " " + message));
      if (tip != null) {
        commit.setParentId(tip);
      }
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      move(git, id, who);
      return id.name();
    }
  }

  private static ObjectId tree(ObjectInserter inserter, String text) throws IOException {
    ObjectId blob =
        inserter.insert(Constants.OBJ_BLOB, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    TreeFormatter tree = new TreeFormatter();
    tree.append("notes.txt", FileMode.REGULAR_FILE, blob);
    return inserter.insert(tree);
  }

  private void move(Git git, ObjectId to, PersonIdent who) throws IOException {
    RefUpdate update = git.getRepository().updateRef(MAIN);
    ObjectId from = update.getOldObjectId();
    // JGit's own reflog would have the time at which this runs.
    update.disableRefLog();
    update.setNewObjectId(to);
    RefUpdate.Result result = update.forceUpdate();
    if (result != RefUpdate.Result.NEW
        && result != RefUpdate.Result.FAST_FORWARD
        && result != RefUpdate.Result.FORCED) {
      throw new IOException(MAIN + ": " + result);
    }
    ObjectId before = from == null ? ObjectId.zeroId() : from;
    logged("HEAD", before, to, who);
    logged(MAIN, before, to, who);
  }

  /** A line of the reflog, as git writes it when it commits. */
  private void logged(String reference, ObjectId from, ObjectId to, PersonIdent who)
      throws IOException {
    Path log = directory.resolve(".git/logs").resolve(reference);
    Files.createDirectories(Objects.requireNonNull(log.getParent()));
    String line =
        "%s %s %s\tcommit: made\n".formatted(from.name(), to.name(), who.toExternalString());
    Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Fetches the main branch of {@code other} to a branch here; answers the ids of the commits that
   * were not here before.
   */
  public synchronized List<String> pull(Repository other, String branch) throws IOException {
    try (Git git = Git.open(directory.toFile());
        RevWalk walk = new RevWalk(git.getRepository())) {
      List<ObjectId> before = new ArrayList<>();
      for (var reference : git.getRepository().getRefDatabase().getRefsByPrefix("refs/heads/")) {
        before.add(reference.getObjectId());
      }
      String to = "refs/heads/" + branch;
      git.fetch()
          .setRemote(other.directory.toUri().toString())
          .setRefSpecs(new RefSpec("+" + MAIN + ":" + to))
          .call();
      walk.markStart(walk.parseCommit(git.getRepository().resolve(to)));
      for (ObjectId known : before) {
        walk.markUninteresting(walk.parseCommit(known));
      }
      List<String> arrived = new ArrayList<>();
      for (RevCommit commit : walk) {
        arrived.add(commit.name());
      }
      return arrived;
    } catch (GitAPIException e) {
      throw new IOException(e);
    }
  }
}
