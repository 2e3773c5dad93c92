package dev.custody.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one command, as typed.
 *
 * @param values what each filter may be; several values of one filter are alternatives
 * @param since where time starts, as typed
 * @param until where time ends, as typed
 */
public record Filters(
    Map<Filter, List<String>> values, @Nullable String since, @Nullable String until) {
  /** Copies. */
  public Filters {
    values = Map.copyOf(values);
  }

  /** No filter at all. */
  public static Filters none() {
    return new Filters(Map.of(), null, null);
  }

  boolean isEmpty() {
    return values.isEmpty() && since == null && until == null;
  }

  boolean has(Filter filter) {
    return values.containsKey(filter);
  }

  List<Condition> conditions(Instant now) throws QuerySyntaxException {
    List<Condition> conditions = new ArrayList<>();
    for (Filter filter : Filter.values()) {
      if (has(filter)) {
        conditions.add(condition(filter, values.getOrDefault(filter, List.of())));
      }
    }
    if (since != null || until != null) {
      conditions.add(span(now));
    }
    return conditions;
  }

  private Condition span(Instant now) throws QuerySyntaxException {
    Instant from = since == null ? null : TimePoint.start("--since", since, now);
    Instant end = until == null ? null : TimePoint.end("--until", until, now);
    if (from != null && end != null && !from.isBefore(end)) {
      throw new QuerySyntaxException(
          "--since %s is not before --until %s".formatted(since, until),
          "swap them: --since is the earlier one");
    }
    return new Condition.Within(from, end);
  }

  private static Condition condition(Filter filter, List<String> typed)
      throws QuerySyntaxException {
    List<Condition> alternatives = new ArrayList<>();
    for (String value : typed) {
      alternatives.add(Word.match(filter.option(), filter.term(), known(filter, value)));
    }
    return Condition.anyOf(alternatives);
  }

  private static String known(Filter filter, String value) throws QuerySyntaxException {
    if (filter.choices().isEmpty()) {
      return value;
    }
    for (String one : filter.choices()) {
      if (one.equalsIgnoreCase(value)) {
        return one;
      }
    }
    throw new QuerySyntaxException(
        filter.option() + ": expected one of the values below, found '" + value + "'",
        String.join(", ", filter.choices()));
  }
}
