package dev.custody.index;

import java.util.List;

/**
 * The first answers to a query.
 *
 * @param items the answers, in the order asked for
 * @param total how many there are in all
 * @param exact false when there are more than {@code total}
 */
public record Page<T>(List<T> items, long total, boolean exact) {
  /** Copies. */
  public Page {
    items = List.copyOf(items);
  }
}
