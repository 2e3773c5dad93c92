package dev.custody.local;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * A repository out of a git bundle, put back to before its newest commit, so that the commit can be
 * made again as it was made.
 */
public final class RecordedRepository {
  private final Path directory;
  private final String newest;
  private final String author;

  private RecordedRepository(Path directory, String newest, String author) {
    this.directory = directory;
    this.newest = newest;
    this.author = author;
  }

  /**
   * Clones {@code bundle} to {@code directory}. A bundle carries no configuration: user.email is
   * set to its author's.
   */
  public static RecordedRepository unbundle(Path bundle, Path directory) throws IOException {
    try (Git git =
            Git.cloneRepository()
                .setURI(bundle.toUri().toString())
                .setDirectory(directory.toFile())
                .call();
        RevWalk walk = new RevWalk(git.getRepository())) {
      RevCommit head = walk.parseCommit(git.getRepository().resolve("HEAD"));
      StoredConfig config = git.getRepository().getConfig();
      config.setString("user", null, "name", head.getAuthorIdent().getName());
      config.setString("user", null, "email", head.getAuthorIdent().getEmailAddress());
      config.unsetSection("remote", "origin");
      config.save();
      var _ =
          git.reset().setMode(ResetCommand.ResetType.HARD).setRef(head.getParent(0).name()).call();
      return new RecordedRepository(
          directory, head.name(), head.getAuthorIdent().getEmailAddress());
    } catch (GitAPIException e) {
      throw new IOException("the bundle " + bundle + " cannot be cloned: " + e.getMessage(), e);
    }
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** E-mail address of the newest commit's author, now the repository's user.email. */
  public String author() {
    return author;
  }

  /** Makes the newest commit the tip of its branch again, if {@code reported} is it. */
  public void commit(String reported) throws IOException {
    if (!newest.startsWith(reported)) {
      return;
    }
    try (Git git = Git.open(directory.toFile())) {
      var _ =
          git.reset()
              .setMode(ResetCommand.ResetType.HARD)
              .setRef(ObjectId.fromString(newest).name())
              .call();
    } catch (GitAPIException e) {
      throw new IOException("the commit " + newest + " cannot be made: " + e.getMessage(), e);
    }
  }
}
