package dev.custody.window;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All correlations of a set over all matches of its rules, in memory: what a stream of them comes
 * to in the end. Matches may be given in any order.
 */
public final class Correlator {
  private final RuleSet rules;
  private final Duration grace;
  private final Map<String, List<Hit>> hits = new HashMap<>();
  private final Map<EventId, Instant> observed = new HashMap<>();

  /** A match of a rule or correlation, with its fields. */
  private record Hit(
      EventId event,
      Instant occurredAt,
      Instant observedAt,
      Function<String, ? extends List<@Nullable String>> fields,
      List<EventId> evidence) {}

  /**
   * A match of a correlation.
   *
   * @param correlation the correlation
   * @param group its group
   * @param values what the group shares, by the names of its group-by
   * @param completes the event that completes it
   * @param occurredAt when that happened
   * @param evidence events of rules, also those that matches of inner correlations rest on
   */
  public record Found(
      Correlation correlation,
      GroupKey group,
      Map<String, String> values,
      EventId completes,
      Instant occurredAt,
      List<EventId> evidence) {}

  /** Correlates the matches of {@code rules}. */
  public Correlator(RuleSet rules, Duration grace) {
    this.rules = rules;
    this.grace = grace;
  }

  /**
   * Adds a match of a rule.
   *
   * @param fields values of a field of the event; none where it is absent
   */
  public void add(
      EventId event,
      Instant occurredAt,
      Instant observedAt,
      String rule,
      Function<String, ? extends List<@Nullable String>> fields) {
    observed.put(event, observedAt);
    add(rule, new Hit(event, occurredAt, observedAt, fields, List.of(event)));
  }

  private void add(String rule, Hit hit) {
    hits.computeIfAbsent(rule, _ -> new ArrayList<>()).add(hit);
  }

  /** All matches of correlations, also of those that only others refer to. */
  public List<Found> found() {
    Map<String, List<Found>> found = new LinkedHashMap<>();
    rules.correlations().forEach(correlation -> correlate(correlation, found));
    return rules.correlations().stream()
        .flatMap(correlation -> found.getOrDefault(correlation.id(), List.of()).stream())
        .toList();
  }

  // Inner ones first; the loader has seen to it that there is no circle.
  private void correlate(Correlation correlation, Map<String, List<Found>> found) {
    if (found.containsKey(correlation.id())) {
      return;
    }
    for (String rule : correlation.rules()) {
      if (rules.document(rule) instanceof Correlation inner) {
        correlate(inner, found);
      }
    }
    List<Found> matches = new Groups(correlation).found();
    found.put(correlation.id(), matches);
    for (Found match : matches) {
      add(
          correlation.id(),
          new Hit(
              match.completes,
              match.occurredAt,
              observed.getOrDefault(match.completes, match.occurredAt),
              field -> {
                String value = match.values.get(field);
                return value == null ? List.of() : List.of(value);
              },
              match.evidence));
    }
  }

  /** The groups of one correlation. */
  private final class Groups {
    private final Correlation correlation;
    private final Spec spec;
    private final Map<GroupKey, GroupState> states = new LinkedHashMap<>();
    private final Map<GroupKey, Map<String, String>> values = new HashMap<>();
    private final Map<GroupKey, Map<EventId, Match>> told = new LinkedHashMap<>();

    /** What a member's event rests on, by event. */
    private final Map<EventId, Set<EventId>> evidence = new HashMap<>();

    Groups(Correlation correlation) {
      this.correlation = correlation;
      this.spec = Spec.of(correlation, grace, false);
      Grouping grouping = new Grouping(correlation, rules, spec);
      for (String rule : correlation.rules()) {
        for (Hit hit : hits.getOrDefault(rule, List.of())) {
          put(grouping.place(hit.event, hit.occurredAt, hit.observedAt, rule, hit.fields), hit);
        }
      }
    }

    private void put(List<Grouping.Placed> placed, Hit hit) {
      for (Grouping.Placed place : placed) {
        evidence.computeIfAbsent(hit.event, _ -> new LinkedHashSet<>()).addAll(hit.evidence);
        values.putIfAbsent(place.group(), place.values());
        GroupState state = states.computeIfAbsent(place.group(), _ -> GroupState.of(spec, null));
        for (Member member : place.members()) {
          // Nothing leaves: time stands still until all are there.
          tell(place.group(), state.put(member, Long.MIN_VALUE));
        }
      }
    }

    private void tell(GroupKey group, Change change) {
      Map<EventId, Match> matches = told.computeIfAbsent(group, _ -> new LinkedHashMap<>());
      change.gone().forEach(matches::remove);
      change.raised().forEach(match -> matches.put(match.completes(), match));
    }

    List<Found> found() {
      List<Found> found = new ArrayList<>();
      states.forEach((group, state) -> {
        tell(group, state.due(Long.MAX_VALUE));
        told.getOrDefault(group, Map.of()).values().stream()
            .sorted(Comparator.comparingLong(Match::occurredAt).thenComparing(Match::completes))
            .forEach(match -> found.add(found(group, match)));
      });
      return found;
    }

    private Found found(GroupKey group, Match match) {
      Set<EventId> whole = new LinkedHashSet<>();
      match.evidence().forEach(event -> whole.addAll(evidence.getOrDefault(event, Set.of())));
      return new Found(
          correlation,
          group,
          values.getOrDefault(group, Map.of()),
          match.completes(),
          Instant.ofEpochMilli(match.occurredAt()),
          List.copyOf(whole));
    }
  }
}
