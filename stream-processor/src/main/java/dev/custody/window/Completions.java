package dev.custody.window;

import dev.custody.sigma.Correlation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which members bring the number of their window to a lower end: with it the end is reached,
 * without it is not. One pass tells it of all members, whatever their number at one time and
 * whatever the order in which they came.
 */
final class Completions {
  private final Spec spec;
  private final List<Entry> members;
  private final long low;
  private final BitSet completing = new BitSet();

  private Completions(Spec spec, List<Entry> members, long low) {
    this.spec = spec;
    this.members = members;
    this.low = low;
  }

  /** Their indexes in {@code members}. */
  static BitSet of(Spec spec, List<Entry> members, long low) {
    Completions all = new Completions(spec, members, low);
    TreeSet<Long> cells = new TreeSet<>();
    members.forEach(member -> cells.add(spec.observationCell(member.observedAt())));
    // Windows differ where what is observed far apart is no neighbour: a pass for each cell then.
    if (!cells.isEmpty() && spec.nearCells(cells.getFirst(), cells.getLast())) {
      all.pass(cells.getFirst(), true);
    } else {
      cells.forEach(cell -> all.pass(cell, false));
    }
    return all.completing;
  }

  private void pass(long cell, boolean forAll) {
    Window window =
        spec.type() == Correlation.Type.TEMPORAL_ORDERED ? new Ordered() : new Counted();
    int first = 0;
    for (int i = 0; i < members.size(); i++) {
      Entry member = members.get(i);
      long own = spec.observationCell(member.observedAt());
      if (!spec.nearCells(own, cell)) {
        continue;
      }
      while (member.occurredAt() - members.get(first).occurredAt() > spec.span()) {
        if (spec.nearCells(spec.observationCell(members.get(first).observedAt()), cell)) {
          window.leave(members.get(first));
        }
        first++;
      }
      boolean completes = window.enter(member);
      if (forAll || own == cell) {
        completing.set(i, completes);
      }
    }
  }

  /** What is in the window of the member that entered last. */
  private interface Window {
    /** Whether the lower end is reached by it. */
    boolean enter(Entry member);

    void leave(Entry member);
  }

  /** Events, values or rules, each as often as it is there. */
  private final class Counted implements Window {
    private final Map<Long, Integer> times = new HashMap<>();
    private long number;

    @Override
    public boolean enter(Entry member) {
      return adds(member, 1) && ++number == low;
    }

    @Override
    public void leave(Entry member) {
      number -= adds(member, -1) ? 1 : 0;
    }

    /** Whether it is the first, or was the last, of what is counted. */
    private boolean adds(Entry member, int one) {
      return switch (spec.type()) {
        case VALUE_COUNT -> isOnly(member.value(), one);
        case TEMPORAL -> spec.isPresent(member.slot()) && isOnly((long) member.slot(), one);
        default -> true;
      };
    }

    private boolean isOnly(long key, int one) {
      Integer left = times.merge(key, one, (a, b) -> a + b == 0 ? null : a + b);
      return left == null || (one > 0 && left == 1);
    }
  }

  /**
   * Rules in their order. Of chains of one length that end with one rule the one that starts latest
   * stays longest in the window; so its start is all that is kept. Of members at the same time any
   * order counts: a chain may go through all of them in the order of their rules.
   */
  private final class Ordered implements Window {
    private static final int SLOTS = 32;
    private static final long NEVER = Long.MIN_VALUE;

    /** Latest start of a chain by its length less one, and the rule that it ends with. */
    private final long[][] starts = new long[Math.toIntExact(Math.min(low, SLOTS))][SLOTS];

    private final long[][] before = new long[starts.length][SLOTS];
    private long time = NEVER;

    /** The rules at that time, as bits. */
    private int present;

    Ordered() {
      for (long[] ofLength : starts) {
        Arrays.fill(ofLength, NEVER);
      }
    }

    @Override
    public boolean enter(Entry member) {
      int slot = member.slot();
      if (member.occurredAt() != time) {
        time = member.occurredAt();
        present = 0;
        copy(starts, before);
      }
      if (!spec.isPresent(slot) || (present >>> slot & 1) == 1) {
        return false;
      }
      boolean reached = isReached();
      present |= 1 << slot;
      copy(before, starts);
      for (int s = 0; s < SLOTS; s++) {
        if ((present >>> s & 1) == 1) {
          extend(s);
        }
      }
      return !reached && isReached();
    }

    private void extend(int slot) {
      for (int length = starts.length - 1; length >= 0; length--) {
        long start = length == 0 ? time : NEVER;
        for (int s = 0; s < slot && length > 0; s++) {
          start = Math.max(start, starts[length - 1][s]);
        }
        starts[length][slot] = Math.max(starts[length][slot], start);
      }
    }

    private boolean isReached() {
      for (long start : starts[starts.length - 1]) {
        if (start != NEVER && time - start <= spec.span()) {
          return low <= SLOTS;
        }
      }
      return false;
    }

    private static void copy(long[][] from, long[][] to) {
      for (int length = 0; length < from.length; length++) {
        System.arraycopy(from[length], 0, to[length], 0, SLOTS);
      }
    }

    @Override
    public void leave(Entry member) {
      // Its chains are told by their starts.
    }
  }
}
