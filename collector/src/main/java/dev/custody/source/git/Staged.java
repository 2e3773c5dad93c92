package dev.custody.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.RenameDetector;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * How the index of a work tree differs from the commit that it is on.
 *
 * @param changes renamed files as such
 * @param unmerged files that a merge left in several versions; they are not among the changes
 */
record Staged(List<DiffEntry> changes, List<String> unmerged) {
  private static final long LARGEST_INDEX = 256L << 20;
  private static final String REFERENCE = "ref: ";

  Staged {
    changes = List.copyOf(changes);
    unmerged = List.copyOf(unmerged);
  }

  /**
   * Reads the index.
   *
   * @param index file of the index; that of the work tree if it is empty
   */
  static Staged read(Repository repository, ObjectReader reader, GitPlace place, Path index)
      throws IOException {
    Path file = index.toString().isEmpty() ? place.gitDir().resolve("index") : index;
    DirCache cache = index(file);
    Set<String> unmerged = new LinkedHashSet<>();
    for (int i = 0; i < cache.getEntryCount(); i++) {
      if (cache.getEntry(i).getStage() != DirCacheEntry.STAGE_0) {
        unmerged.add(cache.getEntry(i).getPathString());
      }
    }
    try (RevWalk walk = new RevWalk(reader);
        TreeWalk trees = new TreeWalk(reader)) {
      ObjectId head = head(repository, place.gitDir());
      if (head == null) {
        trees.addTree(new EmptyTreeIterator());
      } else {
        trees.addTree(walk.parseCommit(head).getTree());
      }
      trees.addTree(new DirCacheIterator(cache));
      trees.setRecursive(true);
      trees.setFilter(TreeFilter.ANY_DIFF);
      List<DiffEntry> changes = new ArrayList<>(DiffEntry.scan(trees));
      changes.removeIf(change ->
          unmerged.contains(change.getNewPath()) || unmerged.contains(change.getOldPath()));
      RenameDetector renames = new RenameDetector(repository);
      renames.addAll(changes);
      return new Staged(renames.compute(), List.copyOf(unmerged));
    }
  }

  private static DirCache index(Path file) throws IOException {
    if (!Files.exists(file)) {
      return DirCache.newInCore();
    }
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_INDEX) {
      throw new IOException("the index is no file of at most 256 MiB");
    }
    return DirCache.read(file.toFile(), FS.DETECTED);
  }

  /** Null on a branch without commits. */
  private static @Nullable ObjectId head(Repository repository, Path gitDir) throws IOException {
    String head = SmallFile.read(gitDir.resolve(Constants.HEAD), 4096);
    if (head == null) {
      throw new IOException("the repository has no HEAD");
    }
    if (head.startsWith(REFERENCE)) {
      Ref branch = repository.exactRef(head.substring(REFERENCE.length()).strip());
      return branch == null ? null : branch.getObjectId();
    }
    String id = head.strip();
    if (!ObjectId.isId(id)) {
      throw new IOException("HEAD names neither a branch nor a commit");
    }
    return ObjectId.fromString(id);
  }
}
