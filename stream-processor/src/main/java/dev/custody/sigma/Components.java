package dev.custody.sigma;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Strongly connected components of a graph, each behind those that it leads to (Tarjan 1972),
 * without recursion: a hostile chain is as long as a set has documents.
 */
final class Components {
  private static final int UNSEEN = -1;

  private final List<List<Integer>> edges;
  private final int[] order;
  private final int[] low;
  private final int[] nextEdge;
  private final boolean[] open;
  private final Deque<Integer> stack = new ArrayDeque<>();
  private final List<List<Integer>> components = new ArrayList<>();
  private int seen;

  private Components(List<List<Integer>> edges) {
    this.edges = edges;
    this.order = new int[edges.size()];
    this.low = new int[edges.size()];
    this.nextEdge = new int[edges.size()];
    this.open = new boolean[edges.size()];
    Arrays.fill(order, UNSEEN);
  }

  /** Components of the graph in which node i leads to {@code edges.get(i)}. */
  static List<List<Integer>> of(List<List<Integer>> edges) {
    Components search = new Components(edges);
    for (int node = 0; node < edges.size(); node++) {
      if (search.order[node] == UNSEEN) {
        search.from(node);
      }
    }
    return search.components;
  }

  private void from(int root) {
    Deque<Integer> path = new ArrayDeque<>();
    enter(root, path);
    while (!path.isEmpty()) {
      int node = path.getLast();
      if (nextEdge[node] < edges.get(node).size()) {
        int to = edges.get(node).get(nextEdge[node]++);
        if (order[to] == UNSEEN) {
          enter(to, path);
        } else if (open[to]) {
          low[node] = Math.min(low[node], order[to]);
        }
      } else {
        path.removeLast();
        if (!path.isEmpty()) {
          low[path.getLast()] = Math.min(low[path.getLast()], low[node]);
        }
        close(node);
      }
    }
  }

  private void enter(int node, Deque<Integer> path) {
    order[node] = seen;
    low[node] = seen++;
    open[node] = true;
    stack.addLast(node);
    path.addLast(node);
  }

  private void close(int node) {
    if (low[node] != order[node]) {
      return;
    }
    List<Integer> component = new ArrayList<>();
    int member;
    do {
      member = stack.removeLast();
      open[member] = false;
      component.add(member);
    } while (member != node);
    components.add(component);
  }
}
