package dev.custody.sigma;

import dev.custody.sigma.YamlNode.Entry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A correlation as its document says it, before it is known what its references name (correlations
 * specification, "Correlation section").
 */
final class CorrelationDraft {
  static final int MAX_RULES = 32;
  static final int MAX_GROUP_BY = 8;
  private static final int MAX_NAME = 256;
  private static final int MAX_ALIASES = 64;
  private static final Duration MAX_TIMESPAN = Duration.ofDays(90);
  private static final Pattern TIMESPAN = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
  private static final Set<String> KEYS =
      Set.of(
          "type",
          "rules",
          "aliases",
          "group-by",
          "timespan",
          "condition",
          "generate",
          "percentile");

  private final YamlNode document;
  private final DocumentHead head;
  private final YamlNode section;
  private final Map<String, Entry> parts;
  private final String id;
  private final @Nullable String name;
  private final Correlation.Type type;

  /** References as written, in order, with their places. */
  private final Map<String, YamlNode> references;

  private CorrelationDraft(YamlNode document) {
    this.document = document;
    this.head = new DocumentHead(document);
    head.refuse(
        "detection", "a document is a rule with a detection or a correlation; write two documents");
    head.checkTaxonomy();
    this.section = head.required("correlation", "");
    this.parts = section.entries();
    parts.forEach((key, entry) -> {
      if (!KEYS.contains(key)) {
        throw entry.key().error("'" + key + "' is no part of a correlation; it has " + known());
      }
    });
    this.id = head.id();
    this.name = head.name();
    this.type = DocumentHead.oneOf(Correlation.Type.class, part("type"));
    this.references = references();
  }

  /** Reads what needs no other document, or throws the first error in it. */
  static CorrelationDraft parse(YamlNode document) {
    return new CorrelationDraft(document);
  }

  private static String known() {
    return String.join(", ", KEYS.stream().sorted().toList());
  }

  String id() {
    return id;
  }

  YamlNode document() {
    return document;
  }

  /** References as written, in order, with their places. */
  Map<String, YamlNode> rules() {
    return references;
  }

  private @Nullable YamlNode optional(String key) {
    Entry entry = parts.get(key);
    return entry == null ? null : entry.value();
  }

  private YamlNode part(String key) {
    YamlNode value = optional(key);
    if (value == null) {
      throw section.error("the correlation has no " + key + "; it is mandatory");
    }
    return value;
  }

  /** A text or a list of them, each once, 256 characters at most. */
  private static Map<String, YamlNode> names(YamlNode value, String what, int most) {
    Map<String, YamlNode> names = new LinkedHashMap<>();
    for (YamlNode item : value.isList() ? value.items() : List.of(value)) {
      if (item.text().isBlank() || item.text().length() > MAX_NAME) {
        throw item.error("a " + what + " has 1 to " + MAX_NAME + " characters");
      }
      if (names.put(item.text(), item) != null) {
        throw item.error("'" + item.text() + "' is listed twice; list it once");
      }
    }
    if (names.size() > most) {
      throw value.error("more than " + most + " of them; split the correlation");
    }
    return names;
  }

  private Map<String, YamlNode> references() {
    Map<String, YamlNode> names = names(part("rules"), "rule's id or name", MAX_RULES);
    if (names.isEmpty()) {
      throw part("rules").error("the correlation refers to no rule; list their ids or names");
    }
    if (names.size() == 1 && type.isTemporal()) {
      throw part("rules")
          .error(
              "a "
                  + type.written()
                  + " correlation needs two rules or more; of one rule count events"
                  + " (event_count)");
    }
    return names;
  }

  /**
   * The correlation, its references resolved by {@code documents}, which must know each of them.
   */
  Correlation resolve(Function<String, RuleDocument> documents) {
    Map<String, RuleDocument> rules = new LinkedHashMap<>();
    references.forEach((reference, place) -> {
      RuleDocument rule = documents.apply(reference);
      if (rules.values().stream().anyMatch(r -> r.id().equals(rule.id()))) {
        throw place.error("'" + reference + "' is a rule that is listed already; list it once");
      }
      rules.put(reference, rule);
    });
    CorrelationCondition condition =
        new CorrelationCondition(type, section, optional("condition"), rules);
    Map<String, Map<String, String>> aliases = aliases(rules);
    Map<String, YamlNode> groupBy = names(part("group-by"), "field", MAX_GROUP_BY);
    checkCarried(rules, aliases, groupBy);
    checkCarried(rules, aliases, condition.fields());
    return new Correlation(
        id,
        name,
        head.title(),
        head.status(),
        head.description(),
        head.level(),
        type,
        rules.values().stream().map(RuleDocument::id).toList(),
        condition.absent(),
        aliases,
        List.copyOf(groupBy.keySet()),
        timespan(),
        condition.bounds(),
        List.copyOf(condition.fields().keySet()),
        percentile(),
        generate(),
        head.tags(),
        head.oneOrMore("falsepositives"),
        head.oneOrMore("references"),
        head.remediation());
  }

  private Map<String, Map<String, String>> aliases(Map<String, RuleDocument> rules) {
    Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
    YamlNode value = optional("aliases");
    if (value != null) {
      Map<String, Entry> entries = value.entries();
      if (entries.size() > MAX_ALIASES) {
        throw value.error("more than " + MAX_ALIASES + " aliases");
      }
      entries.forEach((alias, entry) -> aliases.put(alias, alias(entry, rules)));
    }
    return aliases;
  }

  private Map<String, String> alias(Entry alias, Map<String, RuleDocument> rules) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, Entry> given = alias.value().entries();
    given.forEach((reference, field) -> {
      RuleDocument rule = named(reference, rules);
      if (rule == null) {
        throw field
            .key()
            .error(
                "the alias names '"
                    + reference
                    + "', which the correlation does not refer to; its rules: "
                    + String.join(", ", rules.keySet()));
      }
      fields.put(rule.id(), field.value().text());
    });
    for (Map.Entry<String, RuleDocument> rule : rules.entrySet()) {
      if (!fields.containsKey(rule.getValue().id())) {
        throw alias
            .key()
            .error(
                "alias '"
                    + alias.key().text()
                    + "' says no field of rule '"
                    + rule.getKey()
                    + "'; say one for each rule of the correlation");
      }
    }
    return fields;
  }

  /** The rule of that id or name, among those that the correlation refers to. */
  private static @Nullable RuleDocument named(String text, Map<String, RuleDocument> rules) {
    for (Map.Entry<String, RuleDocument> rule : rules.entrySet()) {
      RuleDocument document = rule.getValue();
      if (rule.getKey().equals(text)
          || document.id().equals(text)
          || text.equals(document.name())) {
        return document;
      }
    }
    return null;
  }

  // The match of a correlation carries its own group-by and nothing else.
  private static void checkCarried(
      Map<String, RuleDocument> rules,
      Map<String, Map<String, String>> aliases,
      Map<String, YamlNode> fields) {
    fields.forEach((name, place) -> {
      for (RuleDocument rule : rules.values()) {
        String field = aliases.getOrDefault(name, Map.of()).getOrDefault(rule.id(), name);
        if (rule instanceof Correlation inner && !inner.groupBy().contains(field)) {
          throw place.error(
              "a match of correlation '"
                  + inner.id()
                  + "' has no field '"
                  + field
                  + "'; it has those of its group-by: "
                  + String.join(", ", inner.groupBy()));
        }
      }
    });
  }

  private Duration timespan() {
    YamlNode value = part("timespan");
    Matcher parsed = TIMESPAN.matcher(value.text());
    if (!parsed.matches()) {
      throw value.error(
          "expected a number and s, m, h or d, such as 90m, found '" + value.text() + "'");
    }
    long number = Long.parseLong(parsed.group(1));
    Duration span =
        switch (parsed.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    if (span.compareTo(MAX_TIMESPAN) > 0) {
      throw value.error("a timespan is " + MAX_TIMESPAN.toDays() + "d at most");
    }
    return span;
  }

  private @Nullable Integer percentile() {
    YamlNode value = optional("percentile");
    if (value == null) {
      return null;
    }
    if (type != Correlation.Type.VALUE_PERCENTILE) {
      throw value.error("'percentile' belongs to value_percentile, not to " + type.written());
    }
    if (!value.text().matches("[0-9]{1,3}") || Integer.parseInt(value.text()) > 100) {
      throw value.error("a percentile is a whole number from 0 to 100");
    }
    return Integer.valueOf(value.text());
  }

  private boolean generate() {
    YamlNode value = optional("generate");
    YamlNode outside = head.value("generate");
    YamlNode said = value == null ? outside : value;
    if (said != null && !said.isBoolean()) {
      throw said.error("'generate' is true or false");
    }
    return said != null && said.text().equals("true");
  }
}
