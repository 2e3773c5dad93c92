package dev.custody.window;

import dev.custody.event.EventId;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.RuleSet;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** To which groups of one correlation a match belongs, and as what members. */
public final class Grouping {
  /** Groups of one event, where its fields have several values. */
  public static final int MAX_GROUPS = 16;

  /** Characters of a value that count. */
  public static final int MAX_VALUE = 256;

  private static final int MAX_NUMBER = 64;

  /** Powers of ten, either way, within which a number is taken for one. */
  private static final int MAX_SCALE = 100;

  private final Correlation correlation;
  private final Spec spec;
  private final long digest;

  /**
   * A member of a group.
   *
   * @param group the group
   * @param values what it shares with the group, by the names of the correlation's group-by
   * @param members the match as members; several where the fields have several values
   */
  public record Placed(GroupKey group, Map<String, String> values, List<Member> members) {}

  /** The grouping of {@code correlation}, which is in {@code rules}. */
  public Grouping(Correlation correlation, RuleSet rules, Spec spec) {
    this.correlation = correlation;
    this.spec = spec;
    this.digest = ByteBuffer.wrap(rules.digest(correlation.id())).getLong();
  }

  /** The fields of a match of {@code rule} that {@link #place} asks for. */
  public Set<String> fieldsOf(String rule) {
    Set<String> fields = new LinkedHashSet<>();
    correlation.groupBy().forEach(name -> fields.add(correlation.fieldOf(name, rule)));
    correlation.fields().forEach(name -> fields.add(correlation.fieldOf(name, rule)));
    return fields;
  }

  /**
   * Where a match belongs; nowhere when a field is absent that groups or is counted.
   *
   * @param rule id of the rule or correlation that matched
   * @param fields values of a field of the match; none where it is absent
   */
  public List<Placed> place(
      EventId event,
      Instant occurredAt,
      Instant observedAt,
      String rule,
      Function<String, ? extends List<@Nullable String>> fields) {
    int slot = correlation.rules().indexOf(rule);
    if (slot < 0) {
      return List.of();
    }
    List<Member> members = new ArrayList<>();
    Member plain =
        new Member(event, occurredAt.toEpochMilli(), observedAt.toEpochMilli(), slot, 0, null);
    if (spec.hasNumbers()) {
      numbers(plain, values(correlation.fields().getFirst(), rule, fields), members);
    } else if (spec.hasValues()) {
      for (List<String> tuple : tuples(correlation.fields(), rule, fields)) {
        long value = digest(tuple).getLong();
        members.add(with(plain, 0, value, null));
      }
    } else {
      members.add(plain);
    }
    List<Placed> placed = new ArrayList<>();
    if (!members.isEmpty()) {
      for (List<String> tuple : tuples(correlation.groupBy(), rule, fields)) {
        placed.add(placed(tuple, members));
      }
    }
    return placed;
  }

  private static Member with(Member plain, int slot, long value, @Nullable BigDecimal number) {
    return new Member(plain.event(), plain.occurredAt(), plain.observedAt(), slot, value, number);
  }

  private static void numbers(Member plain, List<String> values, List<Member> members) {
    for (String value : values) {
      if (value.length() <= MAX_NUMBER && members.size() < MAX_GROUPS) {
        try {
          BigDecimal number = new BigDecimal(value.strip());
          if (Math.abs((long) number.scale()) <= MAX_SCALE) {
            members.add(with(plain, members.size(), 0, number));
          }
        } catch (NumberFormatException e) {
          // No number, so nothing to sum.
        }
      }
    }
  }

  private Placed placed(List<String> tuple, List<Member> members) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < tuple.size(); i++) {
      values.put(correlation.groupBy().get(i), tuple.get(i));
    }
    ByteBuffer group = digest(tuple);
    return new Placed(
        new GroupKey(digest, group.getLong(), group.getLong()), values, List.copyOf(members));
  }

  /** Every way to take one value of each field, 16 at most; none where a field has none. */
  private List<List<String>> tuples(
      List<String> names, String rule, Function<String, ? extends List<@Nullable String>> fields) {
    List<List<String>> tuples = new ArrayList<>(List.of(List.of()));
    for (String name : names) {
      List<List<String>> longer = new ArrayList<>();
      List<String> values = values(name, rule, fields);
      for (List<String> tuple : tuples) {
        for (String value : values) {
          if (longer.size() < MAX_GROUPS) {
            List<String> next = new ArrayList<>(tuple);
            next.add(value);
            longer.add(next);
          }
        }
      }
      tuples = longer;
    }
    return tuples;
  }

  /** The values of a field or alias, each once, cut where they are long. */
  private List<String> values(
      String name, String rule, Function<String, ? extends List<@Nullable String>> fields) {
    List<String> values = new ArrayList<>();
    for (@Nullable String value : fields.apply(correlation.fieldOf(name, rule))) {
      if (value != null) {
        values.add(value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value);
      }
    }
    return spec.hasNumbers() && correlation.fields().contains(name)
        ? values
        : List.copyOf(new LinkedHashSet<>(values));
  }

  private static ByteBuffer digest(List<String> values) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String value : values) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        sha256.update(bytes);
      }
      return ByteBuffer.wrap(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
