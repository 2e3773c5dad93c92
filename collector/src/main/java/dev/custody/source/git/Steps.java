package dev.custody.source.git;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * The way of a reference from where it was to where it is, by its reflog, read from the end: each
 * line has to lead to where the next one began. Lines that don't - of an update that came to
 * nothing, of somebody's invention - are passed over; what no line tells is one step of its own.
 *
 * @param taken oldest first; ids are zero where the reference did not exist
 * @param position up to where the reflog is told, null where it tells nothing
 */
record Steps(List<Step> taken, Reflog.@Nullable Position position) {
  /** No more of one reference at a look; what was before them is one step. */
  static final int MOST = 1_000;

  /**
   * One of them.
   *
   * @param line null where no line tells it
   */
  record Step(ObjectId before, ObjectId after, Reflog.@Nullable Line line) {}

  Steps {
    taken = List.copyOf(taken);
  }

  /**
   * From {@code known} to {@code now}.
   *
   * @param known zero if it did not exist
   * @param now zero if it doesn't exist
   * @param read up to where the reflog was told before
   * @param most how many lines are taken at most
   */
  static Steps between(
      ObjectId known, ObjectId now, Reflog log, Reflog.@Nullable Position read, int most) {
    List<Reflog.Line> next = log.since(read);
    List<Reflog.Line> lines = next == null ? log.lines() : next;
    Deque<Step> steps = new ArrayDeque<>();
    ObjectId wanted = now;
    Reflog.Position position = null;
    for (int i = lines.size() - 1; i >= 0 && steps.size() < Math.min(most, MOST); i--) {
      // Without the place where the last look ended, the first way back is taken.
      if (next == null && wanted.equals(known)) {
        break;
      }
      Reflog.Line line = lines.get(i);
      boolean born = isZero(known) && Cause.RENAMED.equals(line.cause());
      ObjectId before = born ? ObjectId.zeroId() : line.before();
      if (line.after().equals(wanted) && !before.equals(wanted)) {
        steps.addFirst(new Step(before, line.after(), line));
        position = position == null ? line.position() : position;
        wanted = before;
      }
    }
    if (!wanted.equals(known)) {
      steps.addFirst(new Step(known, wanted, null));
    }
    if (position == null) {
      boolean told = next != null && most > 0;
      position = told ? read : end(log, now);
    }
    return new Steps(List.copyOf(steps), position);
  }

  /** The last line that leads to {@code now}: all up to it is history. */
  static Reflog.@Nullable Position end(Reflog log, ObjectId now) {
    for (int i = log.lines().size() - 1; i >= 0; i--) {
      if (log.lines().get(i).after().equals(now)) {
        return log.lines().get(i).position();
      }
    }
    return null;
  }

  private static boolean isZero(ObjectId id) {
    return ObjectId.zeroId().equals(id);
  }
}
