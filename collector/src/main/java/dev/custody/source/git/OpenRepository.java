package dev.custody.source.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A repository opened for reading what all of its work trees share, and their tips. */
final class OpenRepository implements AutoCloseable {
  private static final int LARGEST_CONFIG = 1 << 20;
  private static final int MOST_WORK_TREES = 256;
  private static final int MOST_OTHERS = 4096;
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}");

  static {
    QuietSystem.install();
  }

  private final Path commonDir;
  private final Repository repository;

  /**
   * Opens {@code commonDir}.
   *
   * @throws IOException when it is gone, or no repository any more
   */
  OpenRepository(Path commonDir) throws IOException {
    this.commonDir = commonDir;
    if (!Files.isRegularFile(commonDir.resolve(Constants.HEAD))) {
      throw new IOException("the repository is gone");
    }
    Path config = commonDir.resolve(Constants.CONFIG);
    if (Files.exists(config) && SmallFile.read(config, LARGEST_CONFIG) == null) {
      throw new IOException("its config is no readable file of at most 1 MiB");
    }
    PlainFiles.require(commonDir);
    this.repository =
        new FileRepositoryBuilder()
            .setFS(PlainFiles.seen())
            .setGitDir(commonDir.toFile())
            .setMustExist(true)
            .setBare()
            .build();
  }

  Repository repository() {
    return repository;
  }

  /** Branches with their commits, and each HEAD that is on none. */
  SortedMap<String, ObjectId> tips() throws IOException {
    SortedMap<String, ObjectId> tips = new TreeMap<>();
    for (Ref branch : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
      ObjectId id = branch.getObjectId();
      if (id != null) {
        tips.put(branch.getName(), id.copy());
      }
    }
    addDetached(tips, Constants.HEAD, commonDir);
    Path workTrees = commonDir.resolve("worktrees");
    if (Files.isDirectory(workTrees)) {
      try (DirectoryStream<Path> each = Files.newDirectoryStream(workTrees)) {
        int left = MOST_WORK_TREES;
        for (Path workTree : each) {
          if (left-- == 0) {
            break;
          }
          addDetached(tips, "worktrees/" + workTree.getFileName() + "/HEAD", workTree);
        }
      }
    }
    return tips;
  }

  /**
   * Tags, remote-tracking branches and notes, with what they name. Of each kind the first {@value
   * #MOST_OTHERS} by name; those that only stand for another reference are left out.
   */
  SortedMap<String, ObjectId> others() throws IOException {
    SortedMap<String, ObjectId> others = new TreeMap<>();
    for (String prefix : List.of(Constants.R_TAGS, Constants.R_REMOTES, Constants.R_NOTES)) {
      int left = MOST_OTHERS;
      for (Ref reference : repository.getRefDatabase().getRefsByPrefix(prefix)) {
        ObjectId id = reference.getObjectId();
        if (id != null && !reference.isSymbolic() && left-- > 0) {
          others.put(reference.getName(), id.copy());
        }
      }
    }
    return others;
  }

  /** Where the reflog of {@code reference} is, if it has one. */
  Path log(String reference) {
    Path logs = commonDir.resolve(Constants.LOGS);
    try {
      Path file = logs.resolve(reference).normalize();
      return file.startsWith(logs) ? file : logs;
    } catch (InvalidPathException e) {
      return logs; // Which is a directory, and so no log.
    }
  }

  /** The branch that the main work tree is on, null where it is on none. */
  @Nullable String branch() {
    String head = SmallFile.read(commonDir.resolve(Constants.HEAD), 4096);
    return head != null && head.startsWith("ref: ")
        ? head.substring("ref: ".length()).strip()
        : null;
  }

  private static void addDetached(SortedMap<String, ObjectId> tips, String name, Path directory) {
    String head = SmallFile.read(directory.resolve(Constants.HEAD), 4096);
    if (head != null && OBJECT_ID.matcher(head.strip()).matches()) {
      tips.put(name, ObjectId.fromString(head.strip()));
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
