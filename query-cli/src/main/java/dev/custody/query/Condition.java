package dev.custody.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event or a finding must be to be an answer. */
public sealed interface Condition {
  /** Everything is an answer. */
  record Anything() implements Condition {}

  /**
   * All of them hold.
   *
   * @param parts at least one
   */
  record AllOf(List<Condition> parts) implements Condition {
    public AllOf {
      parts = List.copyOf(parts);
    }
  }

  /**
   * One of them holds, or several.
   *
   * @param parts at least one
   */
  record AnyOf(List<Condition> parts) implements Condition {
    public AnyOf {
      parts = List.copyOf(parts);
    }
  }

  /**
   * The term has this value.
   *
   * @param term what is asked
   * @param value whole value
   */
  record Is(Term term, String value) implements Condition {}

  /**
   * The term looks like this.
   *
   * @param term what is asked
   * @param pattern {@code *} stands for any run of characters, {@code ?} for one
   */
  record Like(Term term, String pattern) implements Condition {}

  /**
   * The term begins so.
   *
   * @param term what is asked
   * @param prefix its beginning
   */
  record StartsWith(Term term, String prefix) implements Condition {}

  /**
   * These words stand side by side in its text.
   *
   * @param text one word or several
   */
  record Words(String text) implements Condition {}

  /**
   * It happened in this span.
   *
   * @param from inclusive; null for the beginning of time
   * @param until exclusive; null for its end
   */
  record Within(@Nullable Instant from, @Nullable Instant until) implements Condition {}

  /** All of {@code parts}, without needless nesting. */
  static Condition allOf(List<Condition> parts) {
    return switch (parts.size()) {
      case 0 -> new Anything();
      case 1 -> parts.getFirst();
      default -> new AllOf(parts);
    };
  }

  /** Any of {@code parts}, of which there is at least one. */
  static Condition anyOf(List<Condition> parts) {
    return parts.size() == 1 ? parts.getFirst() : new AnyOf(parts);
  }
}
