package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.identity.SpiffeId;
import dev.custody.index.AgentActivity;
import dev.custody.index.IndexSearch;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All agents that were registered or seen, each once. */
final class AgentRoll {
  /** Of more statements than this, the newest count. */
  private static final int MOST_STATEMENTS = 100_000;

  /** Statements in one second are in the order in which they were recorded. */
  private static final Comparator<Attribution> NEWEST_FIRST =
      Comparator.comparing(Attribution::occurredAt)
          .thenComparing(Attribution::observedAt)
          .thenComparing(a -> a.event().toString())
          .reversed();

  private final Map<String, List<Attribution>> statements = new TreeMap<>();
  private final Map<String, List<AgentActivity>> seen = new TreeMap<>();
  private final List<Attribution> unverified = new ArrayList<>();

  /** As the index has it now. */
  AgentRoll(IndexSearch search) {
    Condition stated =
        new Condition.AnyOf(
            List.of(
                new Condition.Is(Term.KIND, Lookup.REGISTERED),
                new Condition.Is(Term.KIND, Lookup.RETIRED)));
    search
        .events(new Query(stated, Query.Order.NEWEST_FIRST, MOST_STATEMENTS))
        .items()
        .forEach(this::take);
    statements.values().forEach(s -> s.sort(NEWEST_FIRST));
    search
        .agents(id -> true)
        .forEach(a ->
            seen.computeIfAbsent(cover(a.spiffeId()).orElse(a.spiffeId()), id -> new ArrayList<>())
                .add(a));
  }

  private void take(Attribution statement) {
    if (statement.best().grade() == Grade.PROVEN && !statement.resources().isEmpty()) {
      statements
          .computeIfAbsent(statement.resources().getFirst(), id -> new ArrayList<>())
          .add(statement);
    } else {
      unverified.add(statement);
    }
  }

  /** The nearest agent at or above {@code id} of which something was stated. */
  private Optional<String> cover(String id) {
    if (statements.containsKey(id)) {
      return Optional.of(id);
    }
    int slash = id.lastIndexOf('/');
    return slash <= "spiffe://".length() ? Optional.empty() : cover(id.substring(0, slash));
  }

  /** All of them, by id. */
  List<AgentEntry> entries() {
    TreeMap<String, AgentEntry> entries = new TreeMap<>();
    statements.keySet().forEach(id -> entries.put(id, entry(id)));
    seen.keySet().forEach(id -> entries.put(id, entry(id)));
    return List.copyOf(entries.values());
  }

  private AgentEntry entry(String id) {
    return new AgentEntry(
        id, statements.getOrDefault(id, List.of()), seen.getOrDefault(id, List.of()));
  }

  /**
   * The agents that {@code name} stands for: a SPIFFE ID, or PRODUCT/PROJECT[/TASK] in any trust
   * domain. An id below a registered one stands for that part of it.
   */
  List<AgentEntry> named(String name) {
    List<AgentEntry> whole = entries().stream().filter(e -> isNamed(e.spiffeId(), name)).toList();
    if (!whole.isEmpty()) {
      return whole;
    }
    return entries().stream()
        .flatMap(e ->
            e.seen().stream()
                .filter(a -> isNamed(a.spiffeId(), name))
                .map(a -> new AgentEntry(a.spiffeId(), e.statements(), List.of(a))))
        .toList();
  }

  private static boolean isNamed(String id, String name) {
    if (name.startsWith("spiffe://")) {
      return id.equals(name);
    }
    try {
      return SpiffeId.parse(id).path().equalsIgnoreCase("/agent/" + name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Statements on {@code id} that do not verify, newest first: they say nothing. */
  List<Attribution> unverified(String id) {
    return unverified.stream().filter(s -> s.resources().contains(id)).toList();
  }
}
