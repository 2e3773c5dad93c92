package dev.custody.detect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.RecordField;
import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.JsonFields;
import dev.custody.sigma.Logsource;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import dev.custody.window.Grouping;
import dev.custody.window.Member;
import dev.custody.window.Spec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which groups of which correlations an event is of. What a correlation groups by and counts is
 * taken from the record when it is admitted, as it is not looked at again; who did it, from its
 * newest attribution.
 */
public final class Groups {
  /**
   * How much later than the newest one an event of the same match may be observed; so long is
   * waited before something is told that another event could contradict.
   */
  public static final Duration GRACE = Duration.ofHours(24);

  /** Values of one field of one event that count. */
  private static final int MOST_VALUES = 16;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RuleSet rules;
  private final Map<String, List<Looking>> byRule = new HashMap<>();
  private final Map<String, Looking> byId = new HashMap<>();
  private final Map<Long, Looking> byDigest = new HashMap<>();

  /** What keeps a correlation from counting. */
  enum Limit {
    /** A group has as many members as are kept: the oldest left it. */
    MEMBERS,
    /** The correlation has as many groups in this partition as are kept: it takes no other. */
    GROUPS
  }

  /** A correlation that looks at matches. */
  record Looking(Correlation correlation, Spec spec, Grouping grouping) {}

  /** Of the correlations among {@code rules}. */
  public Groups(RuleSet rules) {
    this.rules = rules;
    for (Correlation correlation : rules.correlations()) {
      Spec spec = Spec.of(correlation, GRACE, mayBeTakenBack(correlation));
      Looking looking = new Looking(correlation, spec, new Grouping(correlation, rules, spec));
      byId.put(correlation.id(), looking);
      byDigest.put(ByteBuffer.wrap(rules.digest(correlation.id())).getLong(), looking);
      for (String rule : Set.copyOf(correlation.rules())) {
        byRule.computeIfAbsent(rule, r -> new ArrayList<>()).add(looking);
      }
    }
  }

  /** Whether a later attribution may take an event out of a group. */
  private boolean mayBeTakenBack(Correlation correlation) {
    return correlation.rules().stream()
        .anyMatch(rule ->
            fields(correlation, rule).anyMatch(ActFields::mayChange)
                || switch (Objects.requireNonNull(rules.document(rule))) {
                  case SigmaRule one -> LateFields.areOf(one.logsource().category());
                  case Correlation inner -> true;
                });
  }

  private static Stream<String> fields(Correlation correlation, String rule) {
    return Stream.concat(correlation.groupBy().stream(), correlation.fields().stream())
        .map(name -> correlation.fieldOf(name, rule));
  }

  /** The fields of {@code record} that correlations of {@code hits} group by or count. */
  List<RecordField> fields(Collection<String> hits, FieldSource record) {
    Map<String, RecordField> fields = new LinkedHashMap<>();
    for (String rule : hits) {
      for (Looking looking : byRule.getOrDefault(rule, List.of())) {
        for (String field : looking.grouping.fieldsOf(rule)) {
          fields.computeIfAbsent(field, f -> new RecordField(f, values(record.values(f))));
        }
      }
    }
    fields.values().removeIf(field -> field.values().isEmpty());
    return List.copyOf(fields.values());
  }

  private static List<String> values(List<@Nullable String> all) {
    return all.stream()
        .filter(Objects::nonNull)
        .map(v -> v.length() <= Grouping.MAX_VALUE ? v : v.substring(0, Grouping.MAX_VALUE))
        .limit(MOST_VALUES)
        .toList();
  }

  /** The groups that {@code event} is of, as {@code hits} matched it. */
  List<Contribution> of(Collection<String> hits, Attribution event) {
    @Nullable Map<String, List<String>> known = null;
    List<Contribution> groups = new ArrayList<>();
    for (String rule : hits) {
      for (Looking looking : byRule.getOrDefault(rule, List.of())) {
        known = known == null ? ActFields.of(event) : known;
        Map<String, List<String>> fields = known;
        FieldSource late = late(rule, event);
        place(
            groups,
            looking,
            rule,
            event.event(),
            event.occurredAt(),
            event.observedAt(),
            field ->
                late == null || fields.containsKey(field)
                    ? fields.getOrDefault(field, List.of())
                    : values(late.values(field)));
      }
    }
    return groups;
  }

  /** What a rule sees that looks at attributed acts; null for one that looks at records. */
  private @Nullable FieldSource late(String rule, Attribution event) {
    String category =
        rules.document(rule) instanceof SigmaRule one ? one.logsource().category() : null;
    return category == null || !LateFields.areOf(category) ? null : LateFields.of(category, event);
  }

  /**
   * The groups of other correlations that a match of {@code inner}'s counts in.
   *
   * @param event the event that completes it
   */
  List<Contribution> outer(
      Contribution inner, EventId event, Instant occurredAt, Instant observedAt) {
    List<Contribution> groups = new ArrayList<>();
    Looking matched = byId.get(inner.correlation());
    for (Looking looking : byRule.getOrDefault(inner.correlation(), List.of())) {
      place(
          groups,
          looking,
          inner.correlation(),
          event,
          occurredAt,
          observedAt,
          field -> {
            int at = matched == null ? -1 : matched.correlation.groupBy().indexOf(field);
            return at < 0 ? List.of() : List.of(inner.values().get(at));
          });
    }
    return groups;
  }

  private static void place(
      List<Contribution> groups,
      Looking looking,
      String rule,
      EventId event,
      Instant occurredAt,
      Instant observedAt,
      Function<String, List<String>> fields) {
    for (Grouping.Placed placed :
        looking.grouping.place(event, occurredAt, observedAt, rule, fields)) {
      List<GroupMember> members = new ArrayList<>();
      for (Member member : placed.members()) {
        members.add(GroupMember.of(member));
      }
      add(
          groups,
          new Contribution(
              looking.correlation.id(),
              HexFormat.of().formatHex(placed.group().bytes()),
              List.copyOf(placed.values().values()),
              members));
    }
  }

  /** Adds {@code more}; of one group an event is once, with all that it counts. */
  static void add(List<Contribution> groups, Contribution more) {
    for (int i = 0; i < groups.size(); i++) {
      Contribution known = groups.get(i);
      if (known.isOf(more)) {
        List<GroupMember> members = new ArrayList<>(known.members());
        more.members().stream().filter(m -> !members.contains(m)).forEach(members::add);
        groups.set(i, new Contribution(known.correlation(), known.key(), known.values(), members));
        return;
      }
    }
    groups.add(more);
  }

  /** The correlation that a group is of; null where the rules in force have no such. */
  @Nullable Looking of(byte[] key) {
    return byDigest.get(ByteBuffer.wrap(key).getLong());
  }

  /** Whether a match of the rule or correlation is told by itself. */
  boolean tells(String id) {
    return rules.tells(id);
  }

  /** How it is told that {@code event} brought a correlation to a limit: once for each rule. */
  List<Shown> limited(Limit limit, Correlation of, EventId event, Instant occurredAt) {
    ObjectNode fields =
        JSON.createObjectNode()
            .put("limit", limit.name())
            .put("correlation", of.id())
            .put("title", of.title());
    return rules
        .match(List.of(new Logsource("rule_health", "custody", null)), new JsonFields(fields))
        .stream()
        .filter(rule -> rules.tells(rule.id()))
        .map(rule -> {
          String group = "correlation:" + of.id();
          String day = Sightings.day(occurredAt);
          return new Shown(
              "limit " + of.id() + ' ' + event,
              Sightings.finding(rule.id(), group, day),
              rule.id(),
              group,
              day,
              false);
        })
        .toList();
  }

  /** How a match is told that is complete on {@code day}; null where it is not told. */
  @Nullable Shown shown(Contribution of, EventId completes, String day) {
    Looking looking = byId.get(of.correlation());
    if (looking == null || !rules.tells(of.correlation())) {
      return null;
    }
    List<String> names = looking.correlation.groupBy();
    List<String> parts = new ArrayList<>();
    String period = day;
    for (int i = 0; i < names.size(); i++) {
      String value = of.values().get(i);
      parts.add(names.get(i) + ":" + value);
      String name = names.get(i);
      boolean whole =
          looking.correlation.rules().stream()
              .map(rule -> looking.correlation.fieldOf(name, rule))
              .anyMatch(field -> field.equals(ActFields.PROMPT) || field.equals(ActFields.SESSION));
      period = whole && period.equals(day) ? value : period;
    }
    String group = parts.isEmpty() ? "all" : String.join("; ", parts);
    return new Shown(
        of.key() + " " + completes,
        Sightings.finding(of.correlation(), group, period),
        of.correlation(),
        group,
        period,
        false);
  }
}
