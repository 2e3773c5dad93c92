package dev.custody.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.RuleSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a group depends on the set of its members, and on nothing else. */
class GroupStateTest {
  private static final long START = 1_796_000_000_000L;
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int ROUNDS = Integer.getInteger("custody.window.rounds", 40);

  static Correlation correlation(String section) {
    StringBuilder file = new StringBuilder();
    for (String name : List.of("a", "b", "c")) {
      file.append(
          "title: %s\nname: %s\nlogsource: {product: p}\ndetection: {s: {x: 1}, condition: s}\n---\n"
              .formatted(name, name));
    }
    file.append("title: C\nid: c1\nlevel: low\ncorrelation: {group-by: g, timespan: 10s, ")
        .append(section)
        .append("}\n");
    return RuleSet.of(Map.of("c.yml", file.toString().getBytes(UTF_8))).correlations().getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: event_count, rules: a, condition: {gte: 1}",
        "type: event_count, rules: a, condition: {gte: 3}",
        "type: event_count, rules: [a, b], condition: {gt: 4}",
        "type: event_count, rules: a, condition: {lt: 3}",
        "type: event_count, rules: a, condition: {lte: 2}",
        "type: event_count, rules: a, condition: {eq: 3}",
        "type: event_count, rules: a, condition: {neq: 3}",
        "type: event_count, rules: a, condition: {gt: 2, lte: 4}",
        "type: value_count, rules: a, condition: {field: f, gte: 3}",
        "type: value_count, rules: a, condition: {field: f, gt: 1}",
        "type: value_count, rules: a, condition: {field: f, lte: 2}",
        "type: value_count, rules: a, condition: {field: f, gte: 2, lt: 4}",
        "type: value_count, rules: a, condition: {field: f, neq: 2}",
        "type: temporal, rules: [a, b, c]",
        "type: temporal, rules: [a, b, c], condition: {gte: 2}",
        "type: temporal, rules: [a, b, c], condition: {eq: 2}",
        "type: temporal, rules: [a, b, c], condition: a and b and not c",
        "type: temporal, rules: [a, b], condition: a and not b",
        "type: temporal_ordered, rules: [a, b, c]",
        "type: temporal_ordered, rules: [c, a, b], condition: {gte: 2}",
        "type: temporal_ordered, rules: [a, b, c], condition: {lte: 2}",
        "type: temporal_ordered, rules: [a, b, c], condition: a and b and not c",
        "type: temporal_ordered, rules: [c, a, b], condition: not c and a and b",
        "type: temporal_ordered, rules: [a, b], condition: not a and b",
        "type: value_sum, rules: a, condition: {field: f, gte: 20}",
        "type: value_sum, rules: a, condition: {field: f, gt: 5, lte: 20.5}",
        "type: value_sum, rules: a, condition: {field: f, eq: 10}",
        "type: value_avg, rules: a, condition: {field: f, gt: 5.5}",
        "type: value_avg, rules: a, condition: {field: f, gte: 2, lt: 6}",
        "type: value_avg, rules: a, condition: {field: f, neq: 3}",
        "type: value_percentile, rules: a, percentile: 50, condition: {field: f, gt: 5}",
        "type: value_percentile, rules: a, percentile: 95, condition: {field: f, lte: 8}",
        "type: value_percentile, rules: a, condition: {field: f, lte: 30}",
        "type: value_percentile, rules: a, condition: {field: f, gt: 50}",
      })
  void everyOrderComesToWhatTheSetMeans(String section) {
    Correlation correlation = correlation(section);
    long seed = Long.getLong("custody.seed", System.nanoTime());
    int completed = 0;
    // Some conditions are met in few rounds: on until one is.
    for (int round = 0; round < (completed == 0 ? 50 * ROUNDS : ROUNDS); round++) {
      Random random = new Random(seed + round);
      boolean withdrawable = random.nextBoolean();
      List<Member> all = members(random, correlation);
      List<Member> withdrawn = new ArrayList<>();
      if (withdrawable) {
        Set<EventId> events = new HashSet<>();
        all.forEach(m -> {
          if (random.nextInt(5) == 0) {
            events.add(m.event());
          }
        });
        all.stream().filter(m -> events.contains(m.event())).forEach(withdrawn::add);
      }
      List<Member> left = new ArrayList<>(all);
      left.removeAll(withdrawn);
      Set<EventId> expected = new Oracle(correlation, GRACE, left).completing();
      completed += expected.size();
      Map<EventId, Match> first = null;
      for (int order = 0; order < 3; order++) {
        Spec spec = Spec.of(correlation, GRACE, withdrawable);
        Map<EventId, Match> told = run(spec, all, withdrawn, random);
        assertThat(new TreeSet<>(told.keySet()))
            .as("seed %d round %d order %d: %s", seed, round, order, section)
            .isEqualTo(expected);
        if (first == null) {
          first = told;
        }
        assertThat(told)
            .as("evidence; seed %d round %d: %s", seed, round, section)
            .isEqualTo(first);
      }
    }
    assertThat(completed).as("matches in all rounds").isPositive();
  }

  /**
   * Members over ten minutes, in bursts, some old ones imported, some of one event, some equal in
   * time.
   */
  private static List<Member> members(Random random, Correlation correlation) {
    Set<Member> members = new LinkedHashSet<>();
    int count = 3 + random.nextInt(45);
    int length = random.nextBoolean() ? 40 : 600;
    for (int i = 0; i < count; i++) {
      long occurredAt = START + 1000L * random.nextInt(length);
      long late =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(20_000);
            case 1 -> 60_000L * (1 + random.nextInt(9));
            default -> random.nextInt(1000);
          };
      long observedAt = occurredAt + late;
      long high = observedAt << 16 | 0x7000 | random.nextInt(0x1000);
      EventId event =
          new EventId(new UUID(high, (random.nextLong() & Long.MAX_VALUE) | (1L << 63)));
      int size = random.nextInt(6) == 0 ? 2 : 1;
      for (int j = 0; j < size; j++) {
        boolean temporal = correlation.type().isTemporal();
        boolean numbers =
            correlation.type().hasFields()
                && !correlation.type().written().equals("value_count")
                && (correlation.percentile() != null
                    || !correlation.type().written().equals("value_percentile"));
        boolean values = correlation.type().hasFields() && !numbers;
        members.add(
            new Member(
                event,
                occurredAt,
                observedAt,
                temporal ? random.nextInt(correlation.rules().size()) : numbers ? j : 0,
                values ? random.nextInt(5) : 0,
                numbers ? new BigDecimal(random.nextInt(130) - 15).movePointLeft(1) : null));
      }
    }
    return new ArrayList<>(members);
  }

  /** Within the grace in any order, some twice, with deadlines looked at in between or not. */
  private static Map<EventId, Match> run(
      Spec spec, List<Member> all, List<Member> withdrawn, Random random) {
    List<Member> stream = new ArrayList<>(all);
    for (Member member : all) {
      if (random.nextInt(4) == 0) {
        stream.add(member);
      }
    }
    List<Member> order = new ArrayList<>();
    List<Long> turns = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < stream.size(); i++) {
      places.add(i);
      turns.add(stream.get(i).observedAt() + random.nextInt((int) GRACE.toMillis()));
    }
    Collections.shuffle(places, random);
    places.sort(Comparator.comparing(turns::get));
    places.forEach(place -> order.add(stream.get(place)));
    Map<EventId, Match> told = new HashMap<>();
    long now = 0;
    long due = Long.MAX_VALUE;
    GroupState state = GroupState.of(spec, null);
    boolean punctual = random.nextBoolean();
    Set<EventId> toTake = new HashSet<>();
    withdrawn.forEach(member -> toTake.add(member.event()));
    Map<EventId, Integer> last = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      last.put(order.get(i).event(), i);
    }
    for (int i = 0; i < order.size(); i++) {
      Member member = order.get(i);
      long next = Math.max(now, member.observedAt());
      if (punctual && due <= next) {
        due = apply(state, state.due(due), told);
      }
      now = next;
      due = apply(state, state.put(member, now), told);
      if (toTake.contains(member.event()) && Integer.valueOf(i).equals(last.get(member.event()))) {
        due = apply(state, state.withdraw(member.event(), now), told);
      }
      if (random.nextInt(3) == 0) {
        byte[] bytes = state.bytes();
        state = GroupState.of(spec, bytes);
        assertThat(state.bytes()).isEqualTo(bytes);
      }
      if (random.nextInt(5) == 0) {
        due = apply(state, state.due(now), told);
      }
    }
    for (int i = 0; i < 200 && due != Long.MAX_VALUE; i++) {
      due = apply(state, state.due(due), told);
    }
    assertThat(state.isEmpty()).as("everything leaves in the end").isTrue();
    return told;
  }

  private static long apply(GroupState state, Change change, Map<EventId, Match> told) {
    change.gone().forEach(told::remove);
    change.raised().forEach(match -> told.put(match.completes(), match));
    return state.nextDue();
  }

  private static Member at(long second, int slot, long value) {
    long time = START + 1000 * second;
    UUID id = new UUID(time << 16 | 0x7000, 1L << 63 | second << 8 | slot << 4 | value);
    return new Member(new EventId(id), time, time, slot, value, null);
  }

  @Test
  void aThresholdIsToldAtOnceAndOnceForEachRise() {
    GroupState state =
        GroupState.of(
            Spec.of(correlation("type: event_count, rules: a, condition: {gte: 3}"), GRACE, false),
            null);
    List<Match> raised = new ArrayList<>();
    for (int second : new int[] {0, 1, 2, 3, 4, 60, 61, 62}) {
      Member member = at(second, 0, 0);
      raised.addAll(state.put(member, member.observedAt()).raised());
    }
    assertThat(raised)
        .extracting(Match::completes)
        .containsExactly(at(2, 0, 0).event(), at(62, 0, 0).event());
    assertThat(raised.getFirst().evidence())
        .containsExactly(at(0, 0, 0).event(), at(1, 0, 0).event(), at(2, 0, 0).event());
  }

  @ParameterizedTest
  @CsvSource({
    "12.5, 1",
    "-1e99, 1",
    "1e200, 0",
    "99999999999999999999e2147483647, 0",
    "1e-2147483647, 0",
    "ten, 0"
  })
  void aNumberThatIsTooLargeToBeKeptIsNone(String value, int members) {
    String text =
        """
        title: x
        name: a
        logsource: {product: p}
        detection: {s: {x: 1}, condition: s}
        ---
        title: y
        id: sum
        level: low
        correlation: {type: value_sum, rules: a, group-by: g, timespan: 10s, condition: {field: f, gte: 3}}
        """;
    RuleSet rules = RuleSet.of(Map.of("rules.yml", text.getBytes(UTF_8)));
    Correlation sum = rules.correlations().getFirst();
    Grouping grouping = new Grouping(sum, rules, Spec.of(sum, GRACE, false));
    Instant now = Instant.ofEpochMilli(START);
    String rule = rules.rules().getFirst().id();
    assertThat(
            grouping.place(
                at(0, 0, 0).event(), now, now, rule, f -> List.of(f.equals("f") ? value : "g")))
        .hasSize(members);
  }

  @Test
  void whatIsHandedInWeeksLateAtOnceIsCountedAsIfItHadBeenInTime() {
    Spec spec =
        Spec.of(correlation("type: event_count, rules: a, condition: {gte: 3}"), GRACE, false);
    long weeksLater = at(3_000_000, 0, 0).observedAt();
    GroupState state = GroupState.of(spec, null);
    List<Match> raised = new ArrayList<>();
    for (int second = 0; second < 3; second++) {
      raised.addAll(state.put(at(second, 0, 0), weeksLater + second).raised());
      state = GroupState.of(spec, state.bytes());
    }
    assertThat(raised).extracting(Match::completes).containsExactly(at(2, 0, 0).event());
    assertThat(state.isOver(weeksLater + 3)).isFalse();
    assertThat(state.isOver(state.nextDue())).isTrue();
  }

  @Test
  void aMatchOfManyEventsRestsOnTheNewestHundred() {
    Spec spec =
        Spec.of(correlation("type: event_count, rules: a, condition: {gte: 300}"), GRACE, false);
    GroupState state = GroupState.of(spec, null);
    List<Match> raised = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long time = START + i;
      UUID id = new UUID(time << 16 | 0x7000, 1L << 63 | i);
      Member member = new Member(new EventId(id), time, time, 0, 0, null);
      raised.addAll(state.put(member, time).raised());
    }
    assertThat(raised).hasSize(1);
    assertThat(raised.getFirst().evidence()).hasSize(100).contains(raised.getFirst().completes());
  }

  @Test
  void absenceIsToldWhenTimespanAndGraceHavePassedAndTakenBackWhenItWasNot() {
    Spec spec =
        Spec.of(
            correlation("type: temporal_ordered, rules: [a, b], condition: a and not b"),
            GRACE,
            false);
    GroupState state = GroupState.of(spec, null);
    Member request = at(0, 0, 0);
    Change put = state.put(request, request.observedAt());
    assertThat(put.raised()).isEmpty();
    long due = state.nextDue();
    assertThat(due).isEqualTo(request.observedAt() + 30_000);
    state = GroupState.of(spec, state.bytes());
    assertThat(state.due(due - 1).raised()).isEmpty();
    assertThat(state.due(due).raised())
        .extracting(Match::completes)
        .containsExactly(request.event());
    Member answer = at(5, 1, 0);
    assertThat(state.put(answer, due).gone()).containsExactly(request.event());
  }

  @Test
  void aHotValueCostsTwoMembersForEachCell() {
    Spec spec =
        Spec.of(
            correlation("type: value_count, rules: a, condition: {field: f, gte: 3}"),
            GRACE,
            false);
    GroupState state = GroupState.of(spec, null);
    for (int i = 0; i < 10_000; i++) {
      Member member = at(0, 0, 1);
      UUID id =
          new UUID(member.event().value().getMostSignificantBits() + (((long) i / 4) << 16), i);
      long time = member.occurredAt() + i / 4;
      var _ = state.put(new Member(new EventId(id), time, time, 0, 1, null), time);
    }
    assertThat(state.size()).isLessThanOrEqualTo(4);
    assertThat(state.saturated()).isFalse();
  }

  @Test
  void aFullGroupKeepsTheNewestInWhateverOrderTheyCome() {
    Spec spec =
        Spec.of(
            correlation("type: value_sum, rules: a, condition: {field: f, gte: 99999}"),
            Duration.ofHours(3),
            false);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < GroupState.MAX_MEMBERS + 100; i++) {
      Member plain = at(i, 0, 0);
      members.add(
          new Member(plain.event(), plain.occurredAt(), plain.observedAt(), 0, 0, BigDecimal.ONE));
    }
    long last = members.getLast().observedAt();
    byte[] inOrder = null;
    for (int order = 0; order < 2; order++) {
      GroupState state = GroupState.of(spec, null);
      for (Member member : members) {
        var _ = state.put(member, last);
      }
      assertThat(state.saturated()).isTrue();
      assertThat(state.size()).isEqualTo(GroupState.MAX_MEMBERS);
      if (inOrder == null) {
        inOrder = state.bytes();
      }
      assertThat(state.bytes()).isEqualTo(inOrder);
      Collections.shuffle(members, new Random(7));
      members.sort(Comparator.comparingLong(m -> m.observedAt() / 600_000));
      Collections.reverse(members);
      members.add(members.removeFirst());
    }
  }

  @Test
  void aMemberCostsTwentyFourBytesAndANumberThatIsNotWholeTwentyNine() {
    assertThat(size("type: event_count, rules: a, condition: {gte: 300}", null)).isEqualTo(20);
    assertThat(size("type: value_count, rules: a, condition: {field: f, gte: 300}", null))
        .isEqualTo(24);
    String sum = "type: value_sum, rules: a, condition: {field: f, gte: 300}";
    assertThat(size(sum, BigDecimal.valueOf(Integer.MIN_VALUE))).isEqualTo(24);
    assertThat(size(sum, new BigDecimal("0.5"))).isEqualTo(29);
    assertThat(size(sum, BigDecimal.valueOf(1L << 31))).isEqualTo(29);
  }

  private static int size(String section, @Nullable BigDecimal number) {
    GroupState state = GroupState.of(Spec.of(correlation(section), GRACE, false), null);
    state.note(new byte[100]);
    int[] sizes = new int[2];
    for (int i = 0; i < 2; i++) {
      Member member = at(i, 0, 0);
      var _ =
          state.put(
              new Member(
                  member.event(),
                  member.occurredAt(),
                  member.observedAt(),
                  0,
                  1L << 36 | i,
                  number),
              member.observedAt());
      sizes[i] = state.bytes().length;
    }
    assertThat(sizes[0]).isLessThan(256);
    return sizes[1] - sizes[0];
  }
}
