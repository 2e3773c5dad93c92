package dev.custody.bench;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.RuleSet;
import dev.custody.window.GroupState;
import dev.custody.window.Member;
import dev.custody.window.Spec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What a group of a correlation costs: its bytes in the store for so many distinct members, and how
 * many members one thread adds a second when the group is read from its bytes and written again for
 * each, as the stream does.
 */
public final class WindowStateBench {
  private static final long SEED = 1;
  private static final long START = Instant.parse("2026-11-22T07:00:00Z").toEpochMilli();
  private static final long SPACING = 50;

  /** What the stream notes in a group: its next deadline. */
  private static final int NOTE = 8;

  /** In the store a group has a key of so many bytes. */
  private static final int KEY = 24;

  private static final String RULE =
      """
      title: A
      name: a
      logsource: {product: custody, category: agent_event}
      detection:
        s: {x: y}
        condition: s
      ---
      title: B
      name: b
      logsource: {product: custody, category: agent_event}
      detection:
        s: {x: z}
        condition: s
      ---
      title: C
      id: c
      level: low
      correlation:
        group-by: [custody.session]
        timespan: 10m
      """;

  private WindowStateBench() {}

  /** Prints a table. */
  static void main() {
    System.out.println("type              members  bytes with key  a member  members/s");
    for (String type :
        List.of(
            "type: event_count, rules: [a], condition: {gte: 4000}",
            "type: value_count, rules: [a], condition: {gte: 4000, field: f}",
            "type: temporal_ordered, rules: [a, b]",
            "type: value_sum, rules: [a], condition: {gte: 1000000, field: f}")) {
      for (int members : new int[] {1, 10, 100, 1000}) {
        measure(type, members);
      }
    }
  }

  private static void measure(String type, int members) {
    String lines = "  " + type.replaceAll(", (rules|condition)", "\n  $1").indent(0);
    byte[] file = (RULE + lines).getBytes(StandardCharsets.UTF_8);
    Correlation correlation =
        RuleSet.of(Map.of("bench.yml", file)).correlations().getFirst();
    Spec spec = Spec.of(correlation, Duration.ofHours(24), true);
    List<Member> all = members(correlation, members);
    byte[] bytes = fill(spec, all);
    long began = System.nanoTime();
    long added = 0;
    while (System.nanoTime() - began < 1_000_000_000L) {
      bytes = fill(spec, all);
      added += members;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    int stored = bytes.length + NOTE + KEY;
    System.out.printf(
        "%-16s  %7d  %14d  %8.1f  %,9.0f%n",
        correlation.type().written(),
        members,
        stored,
        (bytes.length - empty(spec)) / (double) members,
        added / seconds);
  }

  private static int empty(Spec spec) {
    return GroupState.of(spec, null).bytes().length;
  }

  private static byte[] fill(Spec spec, List<Member> members) {
    byte[] bytes = GroupState.of(spec, null).bytes();
    for (Member member : members) {
      GroupState group = GroupState.of(spec, bytes);
      group.put(member, member.observedAt());
      bytes = group.bytes();
    }
    return bytes;
  }

  private static List<Member> members(Correlation correlation, int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long time = START + i * SPACING;
      UUID id = new UUID((time << 16) | 0x7000, (1L << 63) | random.nextLong() >>> 2);
      boolean sum = correlation.type() == Correlation.Type.VALUE_SUM;
      members.add(
          new Member(
              new EventId(id),
              time,
              time,
              i % correlation.rules().size(),
              correlation.type().hasFields() && !sum ? random.nextLong() : 0,
              sum ? BigDecimal.valueOf(random.nextInt(1000)) : null));
    }
    return members;
  }
}
