package dev.custody.source.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * How the references of a repository got from the tips that were recorded to those of now. Each
 * step that a reflog tells is a move of its own; without a reflog the two ends are one move.
 */
final class Moves {
  /** Lines of reflogs that become moves at a look; references beyond that make one move each. */
  static final int MOST = 5_000;

  /** Bytes of reflogs that are read at a look. */
  private static final long MOST_BYTES = 64L << 20;

  private final OpenRepository open;
  private final List<Move> found = new ArrayList<>();
  private final SortedMap<String, Reflog.Position> logs = new TreeMap<>();
  private final Map<String, Long> examined = new HashMap<>();
  private int lines = MOST;
  private long bytes = MOST_BYTES;

  private Moves(OpenRepository open) {
    this.open = open;
  }

  /** Of a repository that was never seen: nothing moved, and its reflogs are history. */
  static Moves atFirstSight(OpenRepository open, Map<String, ObjectId> tips) {
    Moves moves = new Moves(open);
    tips.forEach(moves::passOver);
    return moves;
  }

  /**
   * Since {@code known}.
   *
   * @param examined how long each reflog was when it was last read
   */
  static Moves since(
      OpenRepository open,
      Tips known,
      SortedMap<String, ObjectId> tips,
      SortedMap<String, ObjectId> others,
      Map<String, Long> examined)
      throws IOException {
    Moves moves = new Moves(open);
    SortedMap<String, ObjectId> now = new TreeMap<>(tips);
    SortedSet<String> names = new TreeSet<>(known.at().keySet());
    names.addAll(tips.keySet());
    if (known.others() == null) {
      others.forEach(moves::passOver); // Nobody watched them before.
    } else {
      now.putAll(others);
      names.addAll(known.others().keySet());
      names.addAll(others.keySet());
    }
    names.removeIf(name -> !name.startsWith(Constants.R_REFS));
    for (String name : names) {
      moves.follow(
          name, known, now.getOrDefault(name, ObjectId.zeroId()), examined.getOrDefault(name, -1L));
    }
    return moves;
  }

  /** Moves, those of one reference oldest first. */
  List<Move> found() {
    return List.copyOf(found);
  }

  /** Up to where each reflog is told now. */
  SortedMap<String, Reflog.Position> logs() {
    return new TreeMap<>(logs);
  }

  /** How long each reflog was that was read. */
  Map<String, Long> examined() {
    return Map.copyOf(examined);
  }

  private void passOver(String name, ObjectId tip) {
    Reflog.Position end = Steps.end(Reflog.end(open.log(name)), tip);
    if (end != null) {
      logs.put(name, end);
    }
  }

  private void follow(String name, Tips known, ObjectId now, long lastSize) throws IOException {
    ObjectId before = known.reference(name);
    Reflog.Position read = known.logs().get(name);
    Path file = open.log(name);
    long size = Reflog.size(file);
    boolean grown = read != null && size != read.end() && size != lastSize;
    if (!before.equals(now) || grown) {
      int most = bytes > 0 ? lines : 0;
      Reflog log = bytes > 0 ? Reflog.read(file, read) : Reflog.end(file);
      bytes -= Math.min(Math.max(log.size(), 0), Reflog.MOST_BYTES);
      Steps steps = Steps.between(before, now, log, read, most);
      lines -= steps.taken().size();
      for (Steps.Step step : steps.taken()) {
        add(name, step);
      }
      read = steps.position();
      size = log.size();
    }
    if (!now.equals(ObjectId.zeroId())) {
      examined.put(name, size);
      if (read != null) {
        logs.put(name, read);
      }
    }
  }

  private void add(String name, Steps.Step step) throws IOException {
    Reflog.Line line = step.line();
    String cause = line == null ? null : line.cause();
    boolean forced = isForced(step.before(), step.after());
    boolean toTell =
        name.startsWith(Constants.R_HEADS)
            || name.startsWith(Constants.R_TAGS)
            || (name.startsWith(Constants.R_REMOTES) && !Cause.isFetch(cause))
            || (name.startsWith(Constants.R_NOTES) && (forced || isZero(step.after())));
    if (toTell) {
      found.add(
          new Move(
              name,
              isZero(step.before()) ? null : step.before(),
              isZero(step.after()) ? null : step.after(),
              forced,
              cause,
              line == null ? null : line.at(),
              line == null ? Move.UNLOGGED : line.start()));
    }
  }

  private boolean isForced(ObjectId before, ObjectId after) throws IOException {
    if (isZero(before) || isZero(after)) {
      return false;
    }
    try (RevWalk walk = new RevWalk(open.repository())) {
      RevCommit old = commit(walk, before);
      RevCommit tip = commit(walk, after);
      // What is no longer there can't be what the new tip was built on.
      return old == null || tip == null || !walk.isMergedInto(old, tip);
    } catch (MissingObjectException e) {
      return true; // A history with holes, as in a shallow clone: it can't be shown.
    }
  }

  private static @Nullable RevCommit commit(RevWalk walk, ObjectId id) throws IOException {
    try {
      return walk.parseCommit(id);
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return null;
    }
  }

  private static boolean isZero(ObjectId id) {
    return ObjectId.zeroId().equals(id);
  }
}
