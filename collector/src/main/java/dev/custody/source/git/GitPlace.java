package dev.custody.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A repository as it is found from a directory in it, by git's rules (gitrepository-layout). JGit
 * has a search of its own, but reads what it meets without asking whether it is a file.
 *
 * @param gitDir what belongs to the work tree: HEAD, index
 * @param commonDir what all work trees share: objects, branches, configuration
 * @param workTree null for a bare repository
 */
record GitPlace(Path gitDir, Path commonDir, @Nullable Path workTree) {
  private static final int MOST_PARENTS = 64;
  private static final int LONGEST_LINK = 4096 + 16;
  private static final String LINK = "gitdir:";

  /** The repository that {@code directory} is in; null if it is in none. */
  static @Nullable GitPlace find(String directory) {
    try {
      Path at = Path.of(directory);
      return at.isAbsolute() ? findFrom(at.toRealPath()) : null;
    } catch (IOException | InvalidPathException | SecurityException e) {
      return null;
    }
  }

  /** The one with this git directory; null if it is none. */
  static @Nullable GitPlace of(Path gitDir, Path workTree) {
    try {
      Path real = gitDir.toRealPath();
      return isGitDir(real) ? new GitPlace(real, commonDir(real), workTree.toRealPath()) : null;
    } catch (IOException | InvalidPathException | SecurityException e) {
      return null;
    }
  }

  /** The directory that names the repository, whichever of its work trees it was found from. */
  Path root() {
    Path parent = commonDir.getParent();
    if (commonDir.endsWith(".git") && parent != null) {
      return parent;
    }
    // A submodule keeps its git directory inside that of the repository above.
    return workTree != null && gitDir.equals(commonDir) ? workTree : commonDir;
  }

  private static @Nullable GitPlace findFrom(Path start) throws IOException {
    Path at = start;
    for (int i = 0; i < MOST_PARENTS && at != null; i++) {
      Path gitDir = gitDirIn(at);
      if (gitDir != null) {
        return new GitPlace(gitDir, commonDir(gitDir), at);
      }
      if (isGitDir(at)) {
        Path parent = at.getParent();
        return new GitPlace(at, commonDir(at), at.endsWith(".git") ? parent : null);
      }
      at = at.getParent();
    }
    return null;
  }

  private static @Nullable Path gitDirIn(Path directory) throws IOException {
    Path git = directory.resolve(".git");
    if (Files.isDirectory(git)) {
      return isGitDir(git) ? git.toRealPath() : null;
    }
    String link = SmallFile.read(git, LONGEST_LINK);
    if (link == null || !link.startsWith(LINK)) {
      return null;
    }
    Path target = directory.resolve(link.substring(LINK.length()).strip());
    return Files.isDirectory(target) && isGitDir(target) ? target.toRealPath() : null;
  }

  private static boolean isGitDir(Path directory) throws IOException {
    Path common = commonDir(directory);
    return Files.isRegularFile(directory.resolve("HEAD"))
        && Files.isDirectory(common.resolve("objects"))
        && Files.isDirectory(common.resolve("refs"));
  }

  private static Path commonDir(Path gitDir) throws IOException {
    String link = SmallFile.read(gitDir.resolve("commondir"), LONGEST_LINK);
    Path common = link == null ? gitDir : gitDir.resolve(link.strip());
    return Files.isDirectory(common) ? common.toRealPath() : gitDir;
  }
}
