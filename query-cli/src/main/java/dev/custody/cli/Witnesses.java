package dev.custody.cli;

import dev.custody.attribution.Attribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Records that tell of one step of one tool call: the agent's hook, its telemetry, and the wrapper
 * of a server of tools. They are one step where session, tool call id and kind are the same; what
 * names its call otherwise stays by itself.
 */
final class Witnesses {
  private static final Set<String> STEPS =
      Set.of(Lookup.REQUESTED, Lookup.COMPLETED, Lookup.REFUSED);

  /** The agent's hook speaks where there is one: it tells most of who and in which prompt. */
  private static final Comparator<Attribution> SPEAKS_FIRST =
      Comparator.comparingInt(Witnesses::rank).thenComparing(Attribution::event);

  private final List<List<Attribution>> steps;

  private Witnesses(List<List<Attribution>> steps) {
    this.steps = steps;
  }

  /** A step of a call. */
  private record Step(String session, String toolCall, String kind) {}

  /** Of {@code events}, each step once, where the first that tells of it stands. */
  static Witnesses of(List<Attribution> events) {
    Map<Object, List<Attribution>> steps = new LinkedHashMap<>();
    for (Attribution event : events) {
      steps.computeIfAbsent(key(event), k -> new ArrayList<>()).add(event);
    }
    steps.values().forEach(step -> step.sort(SPEAKS_FIRST));
    return new Witnesses(List.copyOf(steps.values()));
  }

  private static Object key(Attribution event) {
    String session = event.best().session();
    String toolCall = event.best().toolCall();
    return session == null || toolCall == null || !STEPS.contains(event.kind())
        ? event.event()
        : new Step(session, toolCall, event.kind());
  }

  private static int rank(Attribution event) {
    String source = event.source().kind();
    return source.equals("mcp") ? 1 : source.endsWith("otlp") ? 2 : 0;
  }

  /** One record a step, the one that speaks. */
  List<Attribution> speaking() {
    return steps.stream().map(List::getFirst).toList();
  }

  /** The others that tell of what {@code speaking} tells of. */
  List<Attribution> beside(Attribution speaking) {
    return steps.stream()
        .filter(step -> step.getFirst().event().equals(speaking.event()))
        .flatMap(step -> step.stream().skip(1))
        .toList();
  }
}
