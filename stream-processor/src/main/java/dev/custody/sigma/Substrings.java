package dev.custody.sigma;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of many texts occur in a text, found in one pass over it (A. Aho, M. Corasick: "Efficient
 * string matching", 1975), as one table of steps: a look-up a character, whatever the number of
 * texts. Where the table would be large, characters share columns and of the texts only their
 * beginnings are looked for: then some are found that are not there, and none is missed. Immutable.
 */
final class Substrings {
  private static final int ROOT = 0;

  /** Columns beyond which characters share them. */
  private static final int MOST_COLUMNS = 256;

  /** Numbers in the table, unless texts of {@link #SHORTEST} characters need more. */
  private static final long MOST_STEPS = 1 << 24;

  private static final int SHORTEST = 4;

  /** By character: its column; 0 for one that is in none of the texts. */
  private final char[] columns;

  private final int width;

  /** By state and column: the next state. */
  private final int[] steps;

  /** By state: the numbers that are filed under the texts that end there; null without any. */
  private final @Nullable BitSet[] found;

  private Substrings(char[] columns, int width, int[] steps, @Nullable BitSet[] found) {
    this.columns = columns;
    this.width = width;
    this.steps = steps;
    this.found = found;
  }

  /** For texts of at least one character, and the numbers that are filed under each. */
  static Substrings of(Map<String, BitSet> texts) {
    return new Builder(texts.keySet()).build(texts);
  }

  /** Adds the numbers that are filed under the texts in {@code text}. */
  void addFound(String text, BitSet numbers) {
    int state = ROOT;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = steps[state * width + (c < columns.length ? columns[c] : 0)];
      BitSet here = found[state];
      if (here != null) {
        numbers.or(here);
      }
    }
  }

  /** Makes the tree of the texts, then lets each of its missing steps fall back. */
  private static final class Builder {
    private final char[] columns;
    private int width = 1;
    private int longest;
    private final List<int[]> rows = new ArrayList<>();

    Builder(Iterable<String> texts) {
      int largest = 0;
      for (String text : texts) {
        largest = Math.max(largest, text.chars().max().orElse(0));
      }
      columns = new char[largest + 1];
      for (String text : texts) {
        for (int i = 0; i < text.length(); i++) {
          if (columns[text.charAt(i)] == 0) {
            columns[text.charAt(i)] =
                (char) (width < MOST_COLUMNS ? width++ : 1 + text.charAt(i) % (MOST_COLUMNS - 1));
          }
        }
        longest = Math.max(longest, text.length());
      }
      while (longest > SHORTEST && size(texts) > MOST_STEPS) {
        longest = Math.max(SHORTEST, longest / 2);
      }
      rows.add(new int[width]);
    }

    private long size(Iterable<String> texts) {
      long states = 0;
      for (String text : texts) {
        states += Math.min(longest, text.length());
      }
      return states * width;
    }

    Substrings build(Map<String, BitSet> texts) {
      List<@Nullable BitSet> found = new ArrayList<>();
      texts.forEach((text, numbers) -> {
        int state = insert(text);
        while (found.size() <= state) {
          found.add(null);
        }
        BitSet here = found.get(state);
        if (here == null) {
          found.set(state, (BitSet) numbers.clone());
        } else {
          here.or(numbers);
        }
      });
      while (found.size() < rows.size()) {
        found.add(null);
      }
      fallBack(found);
      int[] steps = new int[rows.size() * width];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(rows.get(i), 0, steps, i * width, width);
      }
      @Nullable BitSet[] numbers = new @Nullable BitSet[found.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = found.get(i);
      }
      return new Substrings(columns, width, steps, numbers);
    }

    private int insert(String text) {
      int state = ROOT;
      for (int i = 0; i < Math.min(longest, text.length()); i++) {
        int column = columns[text.charAt(i)];
        int next = rows.get(state)[column];
        if (next == ROOT) {
          next = rows.size();
          rows.add(new int[width]);
          rows.get(state)[column] = next;
        }
        state = next;
      }
      return state;
    }

    /** In the order of depth, so that where a state falls back to is finished before it. */
    private void fallBack(List<@Nullable BitSet> found) {
      int[] suffix = new int[rows.size()];
      Deque<Integer> queue = new ArrayDeque<>();
      Arrays.stream(rows.getFirst()).filter(next -> next != ROOT).forEach(queue::add);
      while (!queue.isEmpty()) {
        int state = queue.remove();
        int[] row = rows.get(state);
        int[] shorter = rows.get(suffix[state]);
        inherit(found, state, suffix[state]);
        for (int column = 0; column < width; column++) {
          if (row[column] == ROOT) {
            row[column] = shorter[column];
          } else {
            suffix[row[column]] = shorter[column];
            queue.add(row[column]);
          }
        }
      }
    }

    private static void inherit(List<@Nullable BitSet> found, int state, int suffix) {
      BitSet shorter = found.get(suffix);
      if (shorter != null) {
        BitSet all = (BitSet) shorter.clone();
        BitSet own = found.get(state);
        if (own != null) {
          all.or(own);
        }
        found.set(state, all);
      }
    }
  }
}
