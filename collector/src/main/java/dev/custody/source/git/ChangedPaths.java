package dev.custody.source.git;

import dev.custody.signing.FingerprintKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The paths that a commit changed: those that are with none of its parents as they are with it. So
 * a merge counts for what it changed itself. A renamed file is two paths.
 *
 * @param names at most {@link #MOST}
 * @param omitted how many more
 * @param files what the named ones hold
 */
record ChangedPaths(List<String> names, int omitted, CommittedFiles.Report files) {
  /** As the event's schema says. */
  static final int MOST = 200;

  private static final int LONGEST = 4096;

  private static final ChangedPaths NONE =
      new ChangedPaths(List.of(), 0, CommittedFiles.Report.NONE);

  ChangedPaths {
    names = List.copyOf(names);
  }

  /** None where the trees are elsewhere, as in a partial clone, or aren't what they should be. */
  static ChangedPaths of(RevWalk walk, RevCommit commit, FingerprintKey organisation)
      throws IOException {
    try {
      return read(walk, commit, organisation);
    } catch (MissingObjectException | IncorrectObjectTypeException | CorruptObjectException e) {
      return NONE; // The commit itself is news all the same.
    }
  }

  private static ChangedPaths read(RevWalk walk, RevCommit commit, FingerprintKey organisation)
      throws IOException {
    ObjectReader reader = walk.getObjectReader();
    if (reader.getShallowCommits().contains(commit)) {
      return NONE; // Its parents are elsewhere: nobody here can tell.
    }
    List<String> names = new ArrayList<>();
    CommittedFiles files = new CommittedFiles(reader, organisation);
    int omitted = 0;
    try (TreeWalk tree = new TreeWalk(reader)) {
      addParents(walk, commit, tree);
      int own = tree.addTree(commit.getTree());
      tree.setFilter(TreeFilter.ANY_DIFF);
      while (tree.next()) {
        if (isAsInAParent(tree, own)) {
          continue;
        }
        String name = tree.getPathString();
        if (tree.isSubtree()) {
          tree.enterSubtree();
        } else if (names.size() < MOST && name.length() <= LONGEST) {
          names.add(name);
          files.changed(tree);
        } else {
          omitted++;
        }
      }
    }
    return new ChangedPaths(names, omitted, files.read());
  }

  private static void addParents(RevWalk walk, RevCommit commit, TreeWalk tree) throws IOException {
    for (RevCommit parent : commit.getParents()) {
      tree.addTree(walk.parseCommit(parent).getTree());
    }
    if (commit.getParentCount() == 0) {
      tree.addTree(new EmptyTreeIterator());
    }
  }

  private static boolean isAsInAParent(TreeWalk tree, int own) {
    for (int parent = 0; parent < own; parent++) {
      boolean same = tree.getRawMode(parent) == tree.getRawMode(own) && tree.idEqual(parent, own);
      if (same) {
        return true;
      }
    }
    return false;
  }
}
