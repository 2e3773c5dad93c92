package dev.custody.identity;

import dev.custody.glob.Glob;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Whether scopes lie within one scope. A pair of an action pattern and a resource pattern lies
 * within it when one grant has an action pattern and a resource pattern that contain them.
 *
 * <p>Sound, not complete: it never calls a wider scope narrower. It ends: after {@link #MAX_STEPS}
 * comparisons of characters the answer is no.
 *
 * <p>Not safe for use by several threads.
 */
final class Narrowing {
  /** A quarter of a second; two scopes of a few kilobytes need a thousandth of it. */
  static final long MAX_STEPS = 64L << 20;

  private final Scope outer;
  private long steps;

  Narrowing(Scope outer) {
    this.outer = outer;
  }

  boolean contains(Scope inner) {
    return inner.grants().stream().allMatch(this::contains);
  }

  private boolean contains(Scope.Grant inner) {
    List<String> actions = inner.actions().stream().map(Narrowing::lower).toList();
    BitSet[] uncovered = new BitSet[actions.size()];
    for (int a = 0; a < uncovered.length; a++) {
      uncovered[a] = new BitSet(inner.resources().size());
      uncovered[a].set(0, inner.resources().size());
    }
    for (Scope.Grant grant : outer.grants()) {
      BitSet covered = contained(grant.actions().stream().map(Narrowing::lower).toList(), actions);
      if (!covered.isEmpty()) {
        BitSet resources = contained(grant.resources(), inner.resources());
        covered.stream().forEach(a -> uncovered[a].andNot(resources));
      }
    }
    for (BitSet rest : uncovered) {
      if (!rest.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private BitSet contained(List<String> outer, List<String> inner) {
    BitSet contained = new BitSet(inner.size());
    for (int i = 0; i < inner.size(); i++) {
      String pattern = inner.get(i);
      contained.set(i, outer.stream().anyMatch(o -> contains(o, pattern)));
    }
    return contained;
  }

  private boolean contains(String outer, String inner) {
    if (outer.equals(inner) || outer.equals("*")) {
      return true;
    }
    steps += (long) outer.length() * inner.length();
    return steps <= MAX_STEPS && containsPattern(outer, inner);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * Whether every text that {@code inner} matches {@code outer} matches too, when it says so. It is
   * the matching of a text whose characters are those of {@code inner}: its star stands for any
   * run, so only a star of {@code outer} takes it; its question mark for any character, so only a
   * question mark or a star does.
   */
  static boolean containsPattern(String outer, String inner) {
    return Glob.contains(marksFirst(outer), marksFirst(inner));
  }

  /** In a run of wildcards the question marks first, then at most one star: the same language. */
  private static String marksFirst(String pattern) {
    StringBuilder ordered = new StringBuilder(pattern.length());
    boolean star = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        star = true;
        continue;
      }
      if (c != '?' && star) {
        ordered.append('*');
        star = false;
      }
      ordered.append(c);
    }
    return star ? ordered.append('*').toString() : ordered.toString();
  }
}
