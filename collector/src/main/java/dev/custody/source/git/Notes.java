package dev.custody.source.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.notes.NoteMap;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/**
 * Finds the notes that are not as they were. Anybody who can write to the repository can write
 * them, about any commit.
 */
final class Notes {
  /** No more changed notes of one reference at a look. */
  static final int MOST = 1_000;

  /** How many paths of two trees of notes are compared: git may have arranged all of them anew. */
  private static final int MOST_PATHS = 200_000;

  private static final String COPIES = "-remote/";

  /**
   * A note that is new, different or gone.
   *
   * @param tip commit of the notes that says so
   * @param note its blob, null when it is gone
   */
  record Change(String reference, ObjectId tip, ObjectId commit, @Nullable ObjectId note) {}

  private final Repository repository;
  private int omitted;

  Notes(Repository repository) {
    this.repository = repository;
  }

  /** How many changes were left out. */
  int omitted() {
    return omitted;
  }

  /** Whether {@code reference} holds notes, and not those that a remote was seen to have. */
  static boolean areAt(String reference) {
    return reference.startsWith(Constants.R_NOTES)
        && reference.indexOf(COPIES, Constants.R_NOTES.length()) < 0;
  }

  /** Those on {@code commits}, of a repository that was never seen. */
  List<Change> on(String reference, ObjectId tip, List<ObjectId> commits) throws IOException {
    List<Change> found = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      NoteMap notes = NoteMap.read(walk.getObjectReader(), walk.parseCommit(tip));
      for (ObjectId commit : commits) {
        ObjectId note = notes.get(commit);
        if (note != null) {
          found.add(new Change(reference, tip, commit, note.copy()));
        }
      }
    } catch (MissingObjectException | IncorrectObjectTypeException | CorruptObjectException e) {
      return List.of(); // Anything can be made to stand there.
    }
    return List.copyOf(found);
  }

  /**
   * Those that changed.
   *
   * @param before null where there were none
   */
  List<Change> between(String reference, @Nullable ObjectId before, ObjectId now)
      throws IOException {
    Map<ObjectId, ObjectId> gone = new LinkedHashMap<>();
    Map<ObjectId, ObjectId> come = new LinkedHashMap<>();
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk trees = new TreeWalk(walk.getObjectReader())) {
      addTree(trees, walk, before);
      addTree(trees, walk, now);
      trees.setFilter(TreeFilter.ANY_DIFF);
      trees.setRecursive(true);
      for (int paths = 0; trees.next() && paths < MOST_PATHS; paths++) {
        ObjectId commit = commit(trees.getPathString());
        if (commit != null) {
          put(gone, commit, trees, 0);
          put(come, commit, trees, 1);
        }
      }
    } catch (MissingObjectException | IncorrectObjectTypeException | CorruptObjectException e) {
      return List.of();
    }
    return changes(reference, now, gone, come);
  }

  private List<Change> changes(
      String reference, ObjectId tip, Map<ObjectId, ObjectId> gone, Map<ObjectId, ObjectId> come) {
    List<Change> found = new ArrayList<>();
    // A note that only moved to another directory is in both, and the same.
    come.forEach((commit, note) -> {
      if (!note.equals(gone.remove(commit))) {
        found.add(new Change(reference, tip, commit, note));
      }
    });
    gone.forEach((commit, note) -> found.add(new Change(reference, tip, commit, null)));
    omitted += Math.max(0, found.size() - MOST);
    return List.copyOf(found.subList(0, Math.min(MOST, found.size())));
  }

  private static void addTree(TreeWalk trees, RevWalk walk, @Nullable ObjectId notes)
      throws IOException {
    if (notes == null) {
      trees.addTree(new EmptyTreeIterator());
    } else {
      RevCommit commit = walk.parseCommit(notes);
      trees.addTree(commit.getTree());
    }
  }

  private static void put(Map<ObjectId, ObjectId> to, ObjectId commit, TreeWalk trees, int tree) {
    if (trees.getRawMode(tree) != 0) {
      to.put(commit, trees.getObjectId(tree));
    }
  }

  /** {@code 12/34/56...} names commit {@code 123456...}; anything else is no note. */
  private static @Nullable ObjectId commit(String path) {
    String name = path.length() > 2 * Constants.OBJECT_ID_STRING_LENGTH ? "" : path;
    String id = name.replace("/", "");
    return ObjectId.isId(id) ? ObjectId.fromString(id) : null;
  }

  /** A note's text; null if it is no text of at most {@code most} bytes. */
  static @Nullable String text(ObjectReader reader, ObjectId note, int most) throws IOException {
    try {
      var loader = reader.open(note, Constants.OBJ_BLOB);
      return loader.getSize() > most
          ? null
          : new String(loader.getCachedBytes(most), java.nio.charset.StandardCharsets.UTF_8);
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return null;
    }
  }
}
