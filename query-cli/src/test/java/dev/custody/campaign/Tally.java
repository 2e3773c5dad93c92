package dev.custody.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of mutations, counted. Not safe for use by several threads. */
final class Tally {
  private static final int KEPT = 5;

  private final Map<Kind, Long> counts = new LinkedHashMap<>();
  private final Map<String, List<String>> failures = new LinkedHashMap<>();

  /**
   * One kind of result.
   *
   * @param verdict name of the first finding, "nothing" when there is none
   */
  record Kind(String operator, Outcome outcome, String verdict) {}

  void add(Kind kind, long count) {
    counts.merge(kind, count, Long::sum);
  }

  /** Counts a result, and keeps how it came about when it is not as declared. */
  void add(Kind kind, String story) {
    add(kind, 1);
    if (!kind.outcome().good()) {
      List<String> kept = failures.computeIfAbsent(kind.operator(), _ -> new ArrayList<>());
      if (kept.size() < KEPT) {
        kept.add(story);
      }
    }
  }

  void add(Tally other) {
    other.counts.forEach(this::add);
    other.failures.forEach((operator, stories) -> {
      List<String> kept = failures.computeIfAbsent(operator, _ -> new ArrayList<>());
      stories.stream().limit(Math.max(0, KEPT - kept.size())).forEach(kept::add);
    });
  }

  Map<Kind, Long> counts() {
    return Map.copyOf(counts);
  }

  /** How many results were not as declared. */
  long bad() {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().outcome().good())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  long of(Outcome outcome) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().outcome() == outcome)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  long all() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The first few that were not as declared, of each operator. */
  List<String> stories() {
    return failures.values().stream().flatMap(List::stream).toList();
  }

  // --- the table

  /** Everything, an operator a line. */
  String table(List<Operator> operators) {
    StringBuilder table = new StringBuilder();
    table.append(
        line(
            "operator",
            "level",
            "target",
            "judged",
            "no-ops",
            "wrong place",
            "wrong verdict",
            "undetected",
            "crashes",
            "hangs",
            "verdicts"));
    for (Operator operator : operators) {
      table.append(
          line(
              operator.name(),
              operator.level(),
              operator.target().shown(),
              judged(operator.name()),
              count(operator.name(), Outcome.NO_OP),
              count(operator.name(), Outcome.OTHER_PLACE),
              count(operator.name(), Outcome.OTHER_VERDICT),
              count(operator.name(), Outcome.UNDETECTED),
              count(operator.name(), Outcome.CRASH),
              count(operator.name(), Outcome.HANG),
              verdicts(operator.name())));
    }
    table.append(
        line(
            operators.size() + " operators",
            "",
            "",
            all() - of(Outcome.NO_OP),
            of(Outcome.NO_OP),
            of(Outcome.OTHER_PLACE),
            of(Outcome.OTHER_VERDICT),
            of(Outcome.UNDETECTED),
            of(Outcome.CRASH),
            of(Outcome.HANG),
            ""));
    return table.toString();
  }

  private static String line(Object... cells) {
    return "%-50s %5s %-10s %7s %7s %11s %13s %10s %7s %5s  %s".formatted(cells).stripTrailing()
        + "\n";
  }

  private long judged(String operator) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().operator().equals(operator))
        .filter(e -> e.getKey().outcome() != Outcome.NO_OP)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private long count(String operator, Outcome outcome) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().operator().equals(operator) && e.getKey().outcome() == outcome)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private String verdicts(String operator) {
    Map<String, Long> verdicts = new LinkedHashMap<>();
    counts.forEach((kind, count) -> {
      if (kind.operator().equals(operator) && kind.outcome() != Outcome.NO_OP) {
        verdicts.merge(kind.verdict(), count, Long::sum);
      }
    });
    return verdicts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
