package dev.custody.coverage;

import java.util.ArrayList;
import java.util.List;

/**
 * Which numbers a source counted, as runs without a gap.
 *
 * @param runs ascending, apart from each other by at least one number
 * @param forgotten how many numbers were missing below the first run when runs had to be joined
 */
public record Numbers(List<Run> runs, long forgotten) {
  /** Most runs that are kept; of more, the lowest two become one. */
  public static final int MOST_RUNS = 64;

  /** Nothing was counted yet. */
  public static final Numbers NONE = new Numbers(List.of(), 0);

  /**
   * Numbers without a gap.
   *
   * @param first least
   * @param last greatest, not less than the least
   */
  public record Run(long first, long last) {
    private boolean touches(long number) {
      return number >= first - 1 && number <= last + 1;
    }

    private Run with(long number) {
      return new Run(Math.min(first, number), Math.max(last, number));
    }

    private Run with(Run other) {
      return new Run(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  /** Copies. */
  public Numbers {
    runs = List.copyOf(runs);
  }

  /**
   * These and {@code number}. Negative ones, and the greatest of all, are no count and left out.
   */
  public Numbers with(long number) {
    if (number < 0 || number == Long.MAX_VALUE || contains(number)) {
      return this;
    }
    List<Run> after = new ArrayList<>();
    Run added = new Run(number, number);
    for (Run run : runs) {
      if (run.touches(number)) {
        added = added.with(run).with(number);
      } else {
        after.add(run);
      }
    }
    int at = 0;
    while (at < after.size() && after.get(at).first() < added.first()) {
      at++;
    }
    after.add(at, added);
    return bounded(after, forgotten);
  }

  private boolean contains(long number) {
    return runs.stream().anyMatch(run -> number >= run.first() && number <= run.last());
  }

  private static Numbers bounded(List<Run> runs, long forgotten) {
    if (runs.size() <= MOST_RUNS) {
      return new Numbers(runs, forgotten);
    }
    Run lowest = runs.get(0);
    Run next = runs.get(1);
    List<Run> kept = new ArrayList<>(runs.subList(1, runs.size()));
    kept.set(0, lowest.with(next));
    return new Numbers(kept, forgotten + next.first() - lowest.last() - 1);
  }

  /** How many are missing between the least and the greatest. */
  public long missing() {
    long missing = forgotten;
    for (int i = 1; i < runs.size(); i++) {
      missing += runs.get(i).first() - runs.get(i - 1).last() - 1;
    }
    return missing;
  }

  /** The first missing ones in words, for example {@code 4, 7 to 9}. */
  public String missingInWords() {
    List<String> words = new ArrayList<>();
    for (int i = 1; i < runs.size() && words.size() < 8; i++) {
      long first = runs.get(i - 1).last() + 1;
      long last = runs.get(i).first() - 1;
      words.add(first == last ? Long.toString(first) : first + " to " + last);
    }
    if (runs.size() - 1 > words.size() || forgotten > 0) {
      words.add("...");
    }
    return String.join(", ", words);
  }
}
