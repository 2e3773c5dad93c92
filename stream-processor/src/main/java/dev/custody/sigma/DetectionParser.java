package dev.custody.sigma;

import dev.custody.sigma.YamlNode.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the detection section: each search identifier, then the condition over them (rules
 * specification, "Search-Identifier", "Lists", "Maps").
 */
final class DetectionParser {
  private final Placeholders placeholders;

  private DetectionParser(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  static Clause parse(YamlNode section, Placeholders placeholders) {
    return new DetectionParser(placeholders).section(section);
  }

  private Clause section(YamlNode section) {
    Map<String, Entry> entries = new LinkedHashMap<>(section.entries());
    Entry condition = entries.remove("condition");
    if (condition == null) {
      throw section.error("the detection has no condition; it is mandatory");
    }
    if (entries.containsKey("timeframe")) {
      throw entries
          .get("timeframe")
          .key()
          .error("'timeframe' is no longer Sigma; it became correlations");
    }
    Map<String, Clause> identifiers = new LinkedHashMap<>();
    entries.forEach((name, entry) -> identifiers.put(name, identifier(entry.value())));
    ConditionParser parser = new ConditionParser(condition.value(), identifiers);
    Clause clause =
        Clause.anyOf(conditions(condition.value()).stream().map(parser::parse).toList());
    checkAllUsed(entries, parser);
    return clause;
  }

  private static List<YamlNode> conditions(YamlNode value) {
    List<YamlNode> conditions = value.isList() ? value.items() : List.of(value);
    if (conditions.isEmpty()) {
      throw value.error("the list of conditions is empty");
    }
    return conditions;
  }

  // The specification allows it, yet it may be a misspelt name, and so a part that is skipped. A
  // leading underscore says that it is meant to be left out.
  private static void checkAllUsed(Map<String, Entry> entries, ConditionParser parser) {
    entries.forEach((name, entry) -> {
      if (!name.startsWith("_") && !parser.uses(name)) {
        entry
            .key()
            .warn(
                "search identifier '"
                    + name
                    + "' is not used by the condition; use it, or begin its name with '_'");
      }
    });
  }

  private Clause identifier(YamlNode value) {
    if (value.isMap()) {
      return map(value);
    }
    if (!value.isList()) {
      return FieldItem.keyword(value);
    }
    List<YamlNode> items = value.items();
    if (items.isEmpty()) {
      throw value.error("the search identifier is empty");
    }
    return Clause.anyOf(
        items.stream().map(item -> item.isMap() ? map(item) : FieldItem.keyword(item)).toList());
  }

  private Clause map(YamlNode value) {
    Map<String, Entry> entries = value.entries();
    if (entries.isEmpty()) {
      throw value.error("the search identifier is empty");
    }
    return Clause.allOf(
        entries.values().stream()
            .map(e -> FieldItem.compile(e.key(), e.value(), placeholders))
            .toList());
  }
}
