package dev.custody.window;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.window.Spec.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Says of each member of a group whether it completes a match, and what that rests on. */
final class Judge {
  /** Events that a match is said to rest on: as many as a finding shows. */
  static final int MOST_EVIDENCE = 100;

  /** The member completes no match. */
  static final long NO = -1;

  private final Spec spec;
  private final List<Entry> members;
  private final Numbers numbers;

  /** By lower end, once it is asked for: the members must not change from then on. */
  private final Map<Long, BitSet> completing = new HashMap<>();

  Judge(Spec spec, List<Entry> members) {
    this.spec = spec;
    this.members = members;
    this.numbers = new Numbers(spec);
  }

  /**
   * Whether the member completes a match: {@link #NO}, or how many milliseconds after its
   * observation that may be told.
   */
  long wait(int anchor) {
    if (spec.type().isTemporal() && !spec.isPresent(members.get(anchor).slot())) {
      return NO;
    }
    if (!spec.counts()) {
      return numbers.wait(window(anchor), () -> ahead(anchor));
    }
    for (Range range : spec.ranges()) {
      if (completes(anchor, range.low())
          && (range.high() == Spec.UNBOUNDED || neverMore(anchor, range.high()))) {
        return absent(anchor, range);
      }
    }
    return NO;
  }

  private long absent(int anchor, Range range) {
    boolean before =
        spec.absentBefore() != 0
            && window(anchor).stream().anyMatch(m -> (spec.absentBefore() >>> m.slot() & 1) == 1);
    if (before || (spec.absentAfter() != 0 && follows(anchor))) {
      return NO;
    }
    boolean ahead = spec.absentAfter() != 0 || range.high() != Spec.UNBOUNDED;
    return ahead ? spec.span() + spec.grace() : spec.absentBefore() != 0 ? spec.grace() : 0;
  }

  // One at the same time counts as before and as behind.
  private boolean follows(int anchor) {
    Entry from = members.get(anchor);
    int first = anchor;
    while (first > 0 && members.get(first - 1).occurredAt() == from.occurredAt()) {
      first--;
    }
    for (int i = first; i < members.size(); i++) {
      Entry member = members.get(i);
      if (member.occurredAt() - from.occurredAt() > spec.span()) {
        return false;
      }
      if ((spec.absentAfter() >>> member.slot() & 1) == 1
          && spec.near(member.observedAt(), from.observedAt())) {
        return true;
      }
    }
    return false;
  }

  /** The window of a member, oldest first, itself last. */
  private List<Entry> window(int anchor) {
    Entry last = members.get(anchor);
    int first = anchor;
    while (first > 0 && last.occurredAt() - members.get(first - 1).occurredAt() <= spec.span()) {
      first--;
    }
    List<Entry> window = new ArrayList<>(anchor - first + 1);
    for (int i = first; i <= anchor; i++) {
      if (spec.near(members.get(i).observedAt(), last.observedAt())) {
        window.add(members.get(i));
      }
    }
    return window;
  }

  /** The windows that have the member, its own first. */
  private List<List<Entry>> ahead(int anchor) {
    return anchorsAhead(anchor).mapToObj(this::window).toList();
  }

  /** Members whose windows have the member, itself first. */
  private IntStream anchorsAhead(int anchor) {
    Entry from = members.get(anchor);
    return IntStream.range(anchor, members.size())
        .takeWhile(i -> members.get(i).occurredAt() - from.occurredAt() <= spec.span())
        .filter(i -> spec.near(members.get(i).observedAt(), from.observedAt()));
  }

  private boolean neverMore(int anchor, long high) {
    return anchorsAhead(anchor).allMatch(i -> count(i, high + 1) <= high);
  }

  private boolean completes(int anchor, long low) {
    return completing.computeIfAbsent(low, end -> Completions.of(spec, members, end)).get(anchor);
  }

  /** The number of the member's window; no further than {@code enough}. */
  private long count(int anchor, long enough) {
    if (spec.type() == Correlation.Type.TEMPORAL_ORDERED) {
      return Chains.longest(spec, window(anchor));
    }
    Entry last = members.get(anchor);
    Set<Long> values = new HashSet<>();
    long count = 0;
    for (int i = anchor; i >= 0 && count < enough; i--) {
      Entry member = members.get(i);
      if (last.occurredAt() - member.occurredAt() > spec.span()) {
        break;
      }
      if (spec.near(member.observedAt(), last.observedAt())) {
        count += isNew(member, values) ? 1 : 0;
      }
    }
    return count;
  }

  private boolean isNew(Entry member, Set<Long> values) {
    return switch (spec.type()) {
      case VALUE_COUNT -> values.add(member.value());
      case TEMPORAL -> spec.isPresent(member.slot()) && values.add((long) member.slot());
      default -> true;
    };
  }

  /** Events that the match of the member rests on, oldest first, each once; the newest of many. */
  List<EventId> evidence(int anchor) {
    List<Entry> window = window(anchor);
    Set<EventId> events = new LinkedHashSet<>();
    if (spec.type() == Correlation.Type.TEMPORAL_ORDERED) {
      Chains.chain(spec, window).forEach(member -> events.add(member.event()));
    } else {
      Set<Long> seen = new HashSet<>();
      for (Entry member : window) {
        long key = spec.type() == Correlation.Type.TEMPORAL ? member.slot() : member.value();
        boolean each =
            spec.type() == Correlation.Type.VALUE_COUNT || spec.type() == Correlation.Type.TEMPORAL;
        boolean counts = spec.type() != Correlation.Type.TEMPORAL || spec.isPresent(member.slot());
        if (counts && (!each || seen.add(key))) {
          events.add(member.event());
        }
      }
    }
    events.add(members.get(anchor).event());
    List<EventId> all = List.copyOf(events);
    return all.subList(Math.max(0, all.size() - MOST_EVIDENCE), all.size());
  }
}
