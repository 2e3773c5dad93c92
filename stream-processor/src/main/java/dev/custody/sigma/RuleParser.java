package dev.custody.sigma;

import dev.custody.sigma.SigmaRule.Level;
import dev.custody.sigma.SigmaRule.Status;
import dev.custody.sigma.YamlNode.Entry;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one document of a rule file (rules specification, "Components"). */
final class RuleParser {
  private static final int MAX_TITLE = 256;
  private static final int MAX_DESCRIPTION = 65_535;

  /** Detection rule schema 2.0.0, {@code tags.items.pattern}. */
  private static final Pattern TAG = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");

  private final YamlNode document;
  private final Map<String, Entry> entries;

  private RuleParser(YamlNode document) {
    this.document = document;
    this.entries = document.entries();
  }

  /** The rule that the document says, or the first error in it. */
  static SigmaRule parse(YamlNode document) {
    return new RuleParser(document).rule();
  }

  private SigmaRule rule() {
    refuse("correlation", "correlations are not supported yet");
    refuse("filter", "Sigma filters are not supported yet");
    refuse("action", "rule collections are no longer Sigma; write each rule in full");
    refuse("scope", "'scope' is not supported; say it in the detection or the logsource");
    checkTaxonomy();
    return new SigmaRule(
        bounded("id", MAX_TITLE, "a finding cites it"),
        bounded("title", MAX_TITLE, "it is mandatory"),
        status(),
        description(),
        level(),
        logsource(),
        tags(),
        texts("falsepositives"),
        texts("references"),
        texts("fields"),
        optional("author"),
        date(),
        DetectionParser.parse(required("detection", "it is mandatory")));
  }

  private void refuse(String key, String problem) {
    Entry entry = entries.get(key);
    if (entry != null) {
      Entry title = entries.get("title");
      String rule = title == null ? "" : "rule '" + title.value().text() + "': ";
      throw entry.key().error(rule + problem);
    }
  }

  private void checkTaxonomy() {
    YamlNode taxonomy = value("taxonomy");
    if (taxonomy != null && !taxonomy.text().equals("sigma")) {
      throw taxonomy.error("taxonomy '" + taxonomy.text() + "' is not supported; supported: sigma");
    }
  }

  private @Nullable YamlNode value(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  private YamlNode required(String key, String why) {
    YamlNode value = value(key);
    if (value == null) {
      throw document.error("the rule has no " + key + "; " + why);
    }
    return value;
  }

  private String bounded(String key, int longest, String why) {
    YamlNode value = required(key, why);
    if (value.text().isBlank() || value.text().length() > longest) {
      throw value.error("the " + key + " must have 1 to " + longest + " characters");
    }
    return value.text();
  }

  private String optional(String key) {
    YamlNode value = value(key);
    return value == null ? "" : value.text();
  }

  private String description() {
    return value("description") == null ? "" : bounded("description", MAX_DESCRIPTION, "");
  }

  private Level level() {
    return oneOf(Level.class, required("level", "a finding's severity follows from it"));
  }

  private @Nullable Status status() {
    YamlNode value = value("status");
    if (value != null && value.text().equals("unsupported")) {
      throw value.error("status 'unsupported' says that the rule can't be used");
    }
    return value == null ? null : oneOf(Status.class, value);
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, YamlNode value) {
    Map<String, E> known =
        Arrays.stream(type.getEnumConstants())
            .collect(
                Collectors.toMap(
                    e -> e.name().toLowerCase(Locale.ROOT),
                    e -> e,
                    (a, b) -> a,
                    LinkedHashMap::new));
    E found = known.get(value.text());
    if (found == null) {
      throw value.error(
          "expected one of "
              + String.join(", ", known.keySet())
              + ", found '"
              + value.text()
              + "'");
    }
    return found;
  }

  private Logsource logsource() {
    YamlNode section = required("logsource", "it is mandatory");
    Map<String, Entry> parts = section.entries();
    Logsource logsource =
        new Logsource(part(parts, "category"), part(parts, "product"), part(parts, "service"));
    if (logsource.equals(new Logsource(null, null, null))) {
      throw section.error("the logsource needs a category, a product or a service");
    }
    return logsource;
  }

  private static @Nullable String part(Map<String, Entry> parts, String key) {
    Entry entry = parts.get(key);
    if (entry != null && entry.value().text().isBlank()) {
      throw entry.value().error("the " + key + " is empty");
    }
    return entry == null ? null : entry.value().text();
  }

  private List<String> texts(String key) {
    YamlNode value = value(key);
    List<String> texts = new ArrayList<>();
    if (value != null) {
      value.items().forEach(item -> texts.add(item.text()));
    }
    return texts;
  }

  private List<String> tags() {
    YamlNode value = value("tags");
    if (value != null) {
      for (YamlNode tag : value.items()) {
        if (!TAG.matcher(tag.text()).matches()) {
          throw tag.error(
              "tag '"
                  + tag.text()
                  + "' is not lower-case words joined by dots, such as attack.t1552.001");
        }
      }
    }
    return texts("tags");
  }

  private @Nullable LocalDate date() {
    YamlNode value = value("date");
    try {
      return value == null ? null : LocalDate.parse(value.text());
    } catch (DateTimeParseException e) {
      throw value.error("expected a date as YYYY-MM-DD, found '" + value.text() + "'");
    }
  }
}
