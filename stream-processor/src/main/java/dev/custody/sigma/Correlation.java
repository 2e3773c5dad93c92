package dev.custody.sigma;

import dev.custody.sigma.SigmaRule.Level;
import dev.custody.sigma.SigmaRule.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What several events mean together (correlations specification 2.1.0), loaded by {@link
 * LoadedRules}. Rules are named by their ids in the set, whatever the file called them by.
 *
 * @param id its identifier; its name where it has no id
 * @param name what other correlations may call it; null if it does not say
 * @param title what it detects, in a few words
 * @param status its maturity; null if it does not say
 * @param description what it detects and why that matters; empty if it does not say
 * @param level how severe a match is; null if it does not say
 * @param type how the events belong together
 * @param rules ids of the rules and correlations whose matches it looks at, in the order of the
 *     file; 1 to 32
 * @param absent those of {@code rules} that must not have matched; empty unless the condition is an
 *     expression such as {@code a and not b}
 * @param aliases names for fields that rules call differently: alias, rule id, field
 * @param groupBy fields or aliases whose values events must share; 8 at most
 * @param timespan within which the events lie
 * @param bounds what the count, sum, average or percentile is compared with
 * @param fields fields or aliases whose values are counted or summed; several are counted as tuples
 * @param percentile which percentile of the values is compared, 0 to 100; null for the share of a
 *     value among all
 * @param generate whether the rules tell of their own matches as well
 * @param tags lower-case, namespaced
 * @param falsepositives harmless causes of a match
 * @param references what it was derived from
 * @param remediation what to do about a match, in words; null if it does not say
 */
public record Correlation(
    String id,
    @Nullable String name,
    String title,
    @Nullable Status status,
    String description,
    @Nullable Level level,
    Type type,
    List<String> rules,
    List<String> absent,
    Map<String, Map<String, String>> aliases,
    List<String> groupBy,
    Duration timespan,
    Bounds bounds,
    List<String> fields,
    @Nullable Integer percentile,
    boolean generate,
    List<String> tags,
    List<String> falsepositives,
    List<String> references,
    @Nullable String remediation)
    implements RuleDocument {

  /** Copies. */
  public Correlation {
    rules = List.copyOf(rules);
    absent = List.copyOf(absent);
    Map<String, Map<String, String>> copied = new LinkedHashMap<>();
    aliases.forEach((alias, names) -> copied.put(alias, Map.copyOf(names)));
    aliases = Map.copyOf(copied);
    groupBy = List.copyOf(groupBy);
    fields = List.copyOf(fields);
    tags = List.copyOf(tags);
    falsepositives = List.copyOf(falsepositives);
    references = List.copyOf(references);
  }

  /** How events belong together (correlations specification, "Correlation Types"). */
  public enum Type {
    EVENT_COUNT,
    VALUE_COUNT,
    TEMPORAL,
    TEMPORAL_ORDERED,
    VALUE_SUM,
    VALUE_AVG,
    VALUE_PERCENTILE;

    /** Its name in files. */
    public String written() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it asks which rules matched, rather than for a number. */
    public boolean isTemporal() {
      return this == TEMPORAL || this == TEMPORAL_ORDERED;
    }

    /** Whether it looks at values of fields. */
    public boolean hasFields() {
      return this != EVENT_COUNT && !isTemporal();
    }
  }

  /** What {@code rule} calls the field that {@code name} stands for, an alias or a field. */
  public String fieldOf(String name, String rule) {
    Map<String, String> alias = aliases.get(name);
    return alias == null ? name : alias.getOrDefault(rule, name);
  }
}
