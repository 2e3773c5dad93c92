package dev.custody.sigma;

import dev.custody.sigma.Bounds.Operator;
import dev.custody.sigma.YamlNode.Entry;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a correlation demands (correlations specification, "Condition"): comparisons, and the fields
 * whose values they are about. Of temporal types also an expression {@code a and b and not c},
 * which the specification does not have: {@code c} must not have matched.
 */
final class CorrelationCondition {
  /** The most members that a group keeps, so that more could never be counted. */
  static final int MAX_COUNT = 4096;

  private static final int MAX_FIELDS = 8;
  private static final int MAX_EXPRESSION = 65;

  private final Correlation.Type type;
  private final Map<String, YamlNode> fields = new LinkedHashMap<>();
  private final Set<String> absent = new LinkedHashSet<>();
  private Bounds bounds;

  CorrelationCondition(
      Correlation.Type type,
      YamlNode section,
      @Nullable YamlNode condition,
      Map<String, RuleDocument> rules) {
    this.type = type;
    this.bounds = Bounds.atLeast(rules.size());
    if (condition == null) {
      require(type.isTemporal(), section, "the correlation has no condition; it is mandatory");
    } else if (condition.isMap()) {
      comparisons(condition, rules.size());
    } else {
      require(
          type.isTemporal() && condition.isString(),
          condition,
          "the condition is a map such as 'gte: 10'");
      expression(condition, rules);
    }
    if (type.hasFields() && fields.isEmpty()) {
      throw (condition == null ? section : condition)
          .error(
              "the condition of a "
                  + type.written()
                  + " correlation needs the 'field' it looks at");
    }
  }

  Bounds bounds() {
    return bounds;
  }

  /** Fields or aliases, each with its place. */
  Map<String, YamlNode> fields() {
    return fields;
  }

  /** Ids of rules that must not have matched, in the order of the expression. */
  List<String> absent() {
    return List.copyOf(absent);
  }

  private static void require(boolean condition, YamlNode place, String problem) {
    if (!condition) {
      throw place.error(problem);
    }
  }

  private void comparisons(YamlNode condition, int rules) {
    Map<Operator, BigDecimal> comparisons = new EnumMap<>(Operator.class);
    condition
        .entries()
        .forEach((key, entry) -> {
          if (key.equals("field")) {
            field(entry);
          } else {
            comparisons.put(operator(entry.key()), number(entry.value(), rules));
          }
        });
    bounds = new Bounds(comparisons);
    boolean range =
        comparisons.size() == 2
            && comparisons.keySet().stream().filter(Operator::isLower).count() == 1
            && comparisons.keySet().stream().filter(Operator::isUpper).count() == 1;
    require(
        comparisons.size() == 1 || range,
        condition,
        "expected one of gt, gte, lt, lte, eq, neq, or a range of gt or gte with lt or lte");
    require(
        !range || ends(comparisons),
        condition,
        "no number is within " + bounds + "; mend the range");
    require(
        isCount() == null || aCountHolds(),
        condition,
        bounds + " never holds of a window that has events; say what is missing by 'a and not b'");
  }

  private static boolean ends(Map<Operator, BigDecimal> range) {
    BigDecimal low = range.getOrDefault(Operator.GT, range.get(Operator.GTE));
    BigDecimal high = range.getOrDefault(Operator.LT, range.get(Operator.LTE));
    boolean closed = range.containsKey(Operator.GTE) && range.containsKey(Operator.LTE);
    return low != null && high != null && low.compareTo(high) < (closed ? 1 : 0);
  }

  private @Nullable String isCount() {
    return type.isTemporal()
        ? "number of rules"
        : type == Correlation.Type.EVENT_COUNT || type == Correlation.Type.VALUE_COUNT
            ? "count"
            : null;
  }

  private boolean aCountHolds() {
    for (int count = 1; count <= MAX_COUNT + 1; count++) {
      if (bounds.hold(BigDecimal.valueOf(count))) {
        return true;
      }
    }
    return false;
  }

  private static Operator operator(YamlNode key) {
    for (Operator operator : Operator.values()) {
      if (operator.name().toLowerCase(Locale.ROOT).equals(key.text())) {
        return operator;
      }
    }
    throw key.error("expected gt, gte, lt, lte, eq, neq or field, found '" + key.text() + "'");
  }

  private BigDecimal number(YamlNode value, int rules) {
    String text = value.text();
    String count = isCount();
    if (count == null) {
      require(
          text.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?"),
          value,
          "expected a number such as 1000 or 0.5, found '" + text + "'");
      return new BigDecimal(text);
    }
    require(
        text.matches("[0-9]{1,9}"),
        value,
        "a " + count + " is a whole number, found '" + text + "'");
    int most = type.isTemporal() ? rules : MAX_COUNT;
    require(
        Integer.parseInt(text) <= most,
        value,
        type.isTemporal()
            ? "the correlation refers to " + rules + " rules; " + text + " can't match"
            : "a count is compared with " + MAX_COUNT + " at most; found " + text);
    return new BigDecimal(text);
  }

  private void field(Entry entry) {
    YamlNode value = entry.value();
    require(
        type.hasFields(),
        entry.key(),
        "'field' belongs to value_count, value_sum, value_avg and value_percentile, not to "
            + type.written());
    require(
        !value.isList() || type == Correlation.Type.VALUE_COUNT || value.items().size() == 1,
        value,
        "a " + type.written() + " correlation looks at one field");
    for (YamlNode field : value.isList() ? value.items() : List.of(value)) {
      require(
          !field.text().isBlank() && fields.put(field.text(), field) == null,
          field,
          "a field is empty or listed twice");
    }
    require(
        fields.size() <= MAX_FIELDS,
        value,
        "values are counted of " + MAX_FIELDS + " fields together at most");
  }

  private void expression(YamlNode condition, Map<String, RuleDocument> rules) {
    String[] words = condition.text().strip().split("\\s+", MAX_EXPRESSION * 2);
    Set<String> named = new LinkedHashSet<>();
    int i = 0;
    while (i < words.length) {
      boolean not = words[i].equals("not");
      i += not ? 1 : 0;
      RuleDocument rule = i < words.length ? rules.get(words[i]) : null;
      require(
          rule != null && named.add(rule.id()),
          condition,
          "expected names of the correlation's rules, each once, joined by 'and', some behind 'not'");
      if (not && rule != null) {
        absent.add(rule.id());
      }
      i++;
      require(
          i >= words.length || (words[i].equals("and") && i + 1 < words.length),
          condition,
          "expected 'and' and another rule behind '" + words[i - 1] + "'");
      i++;
    }
    checkExpression(condition, rules, named);
    bounds = Bounds.atLeast(rules.size() - absent.size());
  }

  private void checkExpression(
      YamlNode condition, Map<String, RuleDocument> rules, Set<String> named) {
    rules.forEach((reference, rule) ->
        require(
            named.contains(rule.id()),
            condition,
            "the condition does not name '" + reference + "'; name it or take it off the rules"));
    require(
        absent.size() < named.size(),
        condition,
        "a correlation starts from an event; one rule at least is without 'not'");
    if (type == Correlation.Type.TEMPORAL_ORDERED) {
      checkAbsentOutside(condition, rules);
    }
  }

  // Between two that are there it would depend on which of several pairs is meant.
  private void checkAbsentOutside(YamlNode condition, Map<String, RuleDocument> rules) {
    List<Boolean> present = rules.values().stream().map(r -> !absent.contains(r.id())).toList();
    boolean whole =
        present.subList(present.indexOf(true), present.lastIndexOf(true) + 1).stream()
            .allMatch(p -> p);
    require(
        whole,
        condition,
        "what must not have happened is listed before or behind all other rules, not between them");
  }
}
