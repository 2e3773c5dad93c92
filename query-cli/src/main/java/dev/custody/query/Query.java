package dev.custody.query;

/**
 * A question to the index.
 *
 * @param condition what must hold
 * @param order in which order
 * @param limit most answers, at least 1
 */
public record Query(Condition condition, Order order, int limit) {
  /** Checks. */
  public Query {
    if (limit < 1) {
      throw new IllegalArgumentException("expected a limit of 1 or more, found " + limit);
    }
  }

  /** Order of answers in time. */
  public enum Order {
    NEWEST_FIRST,
    OLDEST_FIRST
  }

  /** The same question with another limit. */
  public Query limitedTo(int other) {
    return new Query(condition, order, other);
  }
}
