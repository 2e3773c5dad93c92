package dev.custody.window;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Members in the order of their rules; of those at the same time any order counts. */
final class Chains {
  private static final int SLOTS = 32;

  private Chains() {}

  // At the same time by rule, so that a chain may go through all of them.
  private static List<Entry> ordered(Spec spec, List<Entry> window) {
    List<Entry> members = new ArrayList<>(window.size());
    for (Entry member : window) {
      if (spec.isPresent(member.slot())) {
        members.add(member);
      }
    }
    members.sort(
        Comparator.comparingLong(Entry::occurredAt)
            .thenComparingInt(Entry::slot)
            .thenComparing(Comparator.naturalOrder()));
    return members;
  }

  /** For each member the length of the longest chain that ends with it. */
  private static int[] lengths(List<Entry> members) {
    int[] best = new int[SLOTS];
    int[] lengths = new int[members.size()];
    for (int i = 0; i < lengths.length; i++) {
      int slot = members.get(i).slot();
      int before = 0;
      for (int s = 0; s < slot; s++) {
        before = Math.max(before, best[s]);
      }
      lengths[i] = before + 1;
      best[slot] = Math.max(best[slot], lengths[i]);
    }
    return lengths;
  }

  /** How many rules matched in their order. */
  static int longest(Spec spec, List<Entry> window) {
    int longest = 0;
    for (int length : lengths(ordered(spec, window))) {
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** The longest chain, of several the one whose members are latest, from behind. */
  static List<Entry> chain(Spec spec, List<Entry> window) {
    List<Entry> members = ordered(spec, window);
    int[] lengths = lengths(members);
    int wanted = 0;
    for (int length : lengths) {
      wanted = Math.max(wanted, length);
    }
    List<Entry> chain = new ArrayList<>();
    int below = SLOTS;
    for (int i = members.size() - 1; i >= 0 && wanted > 0; i--) {
      if (lengths[i] == wanted && members.get(i).slot() < below) {
        chain.add(members.get(i));
        below = members.get(i).slot();
        wanted--;
      }
    }
    Collections.reverse(chain);
    return chain;
  }
}
