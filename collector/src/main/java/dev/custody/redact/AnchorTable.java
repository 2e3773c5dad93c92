package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The anchors of all forms as one tree of characters: how many there are does not matter to the
 * text, which costs one look-up a character until two of them agree with an anchor.
 */
final class AnchorTable {
  /** Longest anchor: what is tried in vain at a position is no longer. */
  static final int LONGEST_ANCHOR = 64;

  private static final int ASCII = 128;
  private static final int MOST_NODES = Character.MAX_VALUE;

  /** Node and character to node; 0 is the root, to which nothing leads. */
  private char[] next = new char[ASCII * 1024];

  /** What ends at a node or above it: the longest anchor first, then in order. */
  private final List<List<Form>> ending = new ArrayList<>();

  private final List<List<Form>> own = new ArrayList<>();
  private final int[] parents;

  AnchorTable(List<? extends Form> forms) {
    parents = new int[MOST_NODES + 1];
    addNode(0);
    for (Form form : forms) {
      own.get(node(form.anchor())).add(form);
    }
    for (int node = 0; node < own.size(); node++) {
      List<Form> all = new ArrayList<>();
      for (int at = node; at != 0; at = parents[at]) {
        all.addAll(own.get(at));
      }
      ending.add(List.copyOf(all));
    }
  }

  private void addNode(int parent) {
    parents[own.size()] = parent;
    own.add(new ArrayList<>());
    if (own.size() * ASCII > next.length) {
      next = java.util.Arrays.copyOf(next, next.length * 2);
    }
  }

  private int node(String anchor) {
    int node = 0;
    for (int i = 0; i < anchor.length(); i++) {
      int edge = node * ASCII + anchor.charAt(i);
      if (next[edge] == 0) {
        if (own.size() > MOST_NODES) {
          throw new IllegalArgumentException("anchors: expected at most " + MOST_NODES + " nodes");
        }
        next[edge] = (char) own.size();
        addNode(node);
      }
      node = next[edge];
    }
    return node;
  }

  /** Where two characters lead, 0 if no anchor begins with them. */
  int node(char first, char second) {
    return first < ASCII && second < ASCII && next[first] != 0
        ? next[next[first] * ASCII + second]
        : 0;
  }

  /** Whether an anchor ends at a node, or goes on from it with a character. */
  boolean goesOn(int node, char c) {
    return (c < ASCII && next[node * ASCII + c] != 0) || !own.get(node).isEmpty();
  }

  /** The secret of the first form that fits at {@code at}, if any does. */
  @Nullable Span at(String text, int at) {
    int node = 0;
    int end = Math.min(text.length(), at + LONGEST_ANCHOR);
    for (int i = at; i < end; i++) {
      char c = text.charAt(i);
      int child = c < ASCII ? next[node * ASCII + c] : 0;
      if (child == 0) {
        break;
      }
      node = child;
    }
    List<Form> forms = ending.get(node);
    for (int i = 0; i < forms.size(); i++) {
      Span span = forms.get(i).match(text, at);
      if (span != null) {
        return span;
      }
    }
    return null;
  }
}
