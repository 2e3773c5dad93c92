package dev.custody.window;

import dev.custody.event.EventId;
import dev.custody.sigma.Bounds;
import dev.custody.sigma.Bounds.Operator;
import dev.custody.sigma.Correlation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The definition of a match, word by word over a whole set of members, as slow as it is plain. */
final class Oracle {
  private final Correlation correlation;
  private final long span;
  private final long cell;
  private final List<Member> members;

  Oracle(Correlation correlation, Duration grace, List<Member> given) {
    this.correlation = correlation;
    this.span = correlation.timespan().toMillis();
    this.cell = Math.ceilDiv(span + grace.toMillis(), 4L);
    this.members = new ArrayList<>(given);
    members.sort(
        Comparator.comparingLong(Member::occurredAt)
            .thenComparing(Member::event)
            .thenComparingInt(Member::slot)
            .thenComparingLong(Member::value));
  }

  /** Events that complete a match. */
  Set<EventId> completing() {
    Set<EventId> completing = new TreeSet<>();
    for (Member member : members) {
      if (completes(member)) {
        completing.add(member.event());
      }
    }
    return completing;
  }

  private boolean near(Member a, Member b) {
    return Math.abs(Math.floorDiv(a.observedAt(), cell) - Math.floorDiv(b.observedAt(), cell)) <= 4;
  }

  List<Member> window(Member last) {
    return members.subList(0, members.indexOf(last) + 1).stream()
        .filter(m -> last.occurredAt() - m.occurredAt() <= span && near(m, last))
        .toList();
  }

  private static <T> List<T> butLast(List<T> list) {
    return list.subList(0, list.size() - 1);
  }

  private boolean isAbsent(Member member) {
    return correlation.type().isTemporal()
        && correlation.absent().contains(correlation.rules().get(member.slot()));
  }

  private boolean completes(Member anchor) {
    if (isAbsent(anchor) || !nothingForbidden(anchor)) {
      return false;
    }
    for (Map<Operator, BigDecimal> part : parts()) {
      Map<Operator, BigDecimal> lower = new HashMap<>(part);
      boolean ends =
          correlation.type() != Correlation.Type.VALUE_AVG
              && correlation.type() != Correlation.Type.VALUE_PERCENTILE;
      if (ends) {
        lower.remove(Operator.LT);
        lower.remove(Operator.LTE);
      }
      Map<Operator, BigDecimal> upper = new HashMap<>(part);
      upper.keySet().removeAll(lower.keySet());
      boolean rises =
          holds(lower, window(anchor), anchor) && !holds(lower, butLast(window(anchor)), anchor);
      boolean stays =
          members.stream()
              .filter(m -> window(m).contains(anchor))
              .allMatch(m -> holds(upper, window(m), anchor));
      if (rises && stays) {
        return true;
      }
    }
    return false;
  }

  /** Of counts equal is at least and at most, and different is less or more. */
  private List<Map<Operator, BigDecimal>> parts() {
    Map<Operator, BigDecimal> all = correlation.bounds().comparisons();
    boolean counts =
        correlation.type().isTemporal()
            || correlation.type() == Correlation.Type.EVENT_COUNT
            || correlation.type() == Correlation.Type.VALUE_COUNT;
    if (counts && all.containsKey(Operator.EQ)) {
      BigDecimal number = all.get(Operator.EQ);
      return List.of(Map.of(Operator.GTE, number, Operator.LTE, number));
    }
    if (counts && all.containsKey(Operator.NEQ)) {
      BigDecimal number = all.get(Operator.NEQ);
      return List.of(Map.of(Operator.LT, number), Map.of(Operator.GT, number));
    }
    return List.of(all);
  }

  private boolean nothingForbidden(Member anchor) {
    List<String> rules = correlation.rules();
    for (String absent : correlation.absent()) {
      int slot = rules.indexOf(absent);
      boolean ordered = correlation.type() == Correlation.Type.TEMPORAL_ORDERED;
      boolean before = !ordered || slot < firstPresent();
      boolean after = !ordered || slot > firstPresent();
      for (Member member : members) {
        long later = member.occurredAt() - anchor.occurredAt();
        boolean follows = after && later >= 0 && later <= span && near(member, anchor);
        if (member.slot() == slot && (follows || (before && window(anchor).contains(member)))) {
          return false;
        }
      }
    }
    return true;
  }

  private int firstPresent() {
    int slot = 0;
    while (correlation.absent().contains(correlation.rules().get(slot))) {
      slot++;
    }
    return slot;
  }

  private boolean holds(Map<Operator, BigDecimal> bounds, List<Member> window, Member anchor) {
    if (window.isEmpty()) {
      return false;
    }
    Bounds compared = new Bounds(bounds);
    List<BigDecimal> numbers =
        window.stream()
            .map(m -> m.number() == null ? BigDecimal.ZERO : m.number())
            .sorted()
            .toList();
    BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal size = BigDecimal.valueOf(window.size());
    return switch (correlation.type()) {
      case EVENT_COUNT -> compared.hold(size);
      case VALUE_COUNT ->
          compared.hold(BigDecimal.valueOf(window.stream().map(Member::value).distinct().count()));
      case TEMPORAL ->
          positive(
              compared,
              window.stream().filter(m -> !isAbsent(m)).map(Member::slot).distinct().count());
      case TEMPORAL_ORDERED ->
          positive(compared, longest(window.stream().filter(m -> !isAbsent(m)).toList()));
      case VALUE_SUM -> compared.hold(sum);
      case VALUE_AVG -> compared.hold(sum.divide(size, MathContext.DECIMAL128));
      case VALUE_PERCENTILE -> {
        long same = window.stream().filter(m -> m.value() == anchor.value()).count();
        yield correlation.percentile() == null
            ? same > 0
                && compared.hold(
                    BigDecimal.valueOf(100 * same).divide(size, MathContext.DECIMAL128))
            : compared.hold(percentile(numbers, correlation.percentile()));
      }
    };
  }

  private static boolean positive(Bounds bounds, long count) {
    return count > 0 && bounds.hold(BigDecimal.valueOf(count));
  }

  private static BigDecimal percentile(List<BigDecimal> numbers, int percentile) {
    BigDecimal place =
        BigDecimal.valueOf((long) percentile * (numbers.size() - 1))
            .divide(BigDecimal.valueOf(100), MathContext.DECIMAL128);
    int below = place.intValue();
    int above = Math.min(below + 1, numbers.size() - 1);
    BigDecimal part = place.subtract(BigDecimal.valueOf(below));
    return numbers.get(below).add(numbers.get(above).subtract(numbers.get(below)).multiply(part));
  }

  /** Over all ways to choose members whose rules and times rise. */
  private static int longest(List<Member> window) {
    Map<Member, Integer> from = new HashMap<>();
    List<Member> bySlot = new ArrayList<>(window);
    bySlot.sort(Comparator.comparingInt(Member::slot).reversed());
    int longest = 0;
    for (Member member : bySlot) {
      int behind = 0;
      for (Map.Entry<Member, Integer> entry : from.entrySet()) {
        Member other = entry.getKey();
        if (other.slot() > member.slot() && other.occurredAt() >= member.occurredAt()) {
          behind = Math.max(behind, entry.getValue());
        }
      }
      from.put(member, behind + 1);
      longest = Math.max(longest, behind + 1);
    }
    return longest;
  }
}
