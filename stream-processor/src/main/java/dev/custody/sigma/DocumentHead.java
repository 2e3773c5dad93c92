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

/** What rules and correlations say alike (rules specification, "Components"). */
final class DocumentHead {
  private static final int MAX_TITLE = 256;
  private static final int MAX_DESCRIPTION = 65_535;
  private static final int MAX_ITEMS = 64;
  private static final int MAX_ITEM = 4_096;

  /** Detection rule schema 2.0.0, {@code tags.items.pattern}. */
  private static final Pattern TAG = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");

  private final YamlNode document;
  private final Map<String, Entry> entries;

  DocumentHead(YamlNode document) {
    this.document = document;
    this.entries = document.entries();
  }

  /** Refuses a document that uses {@code key}. */
  void refuse(String key, String problem) {
    Entry entry = entries.get(key);
    if (entry != null) {
      throw entry.key().error(problem);
    }
  }

  void checkTaxonomy() {
    YamlNode taxonomy = value("taxonomy");
    if (taxonomy != null && !taxonomy.text().equals("sigma")) {
      throw taxonomy.error("taxonomy '" + taxonomy.text() + "' is not supported; supported: sigma");
    }
  }

  @Nullable YamlNode value(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  YamlNode required(String key, String why) {
    YamlNode value = value(key);
    if (value == null) {
      throw document.error("the rule has no " + key + "; " + why);
    }
    return value;
  }

  /** The id, or the name where there is none. */
  String id() {
    String name = name();
    return value("id") == null && name != null
        ? name
        : bounded("id", MAX_TITLE, "a finding cites it");
  }

  @Nullable String name() {
    return value("name") == null ? null : bounded("name", MAX_TITLE, "");
  }

  String title() {
    return bounded("title", MAX_TITLE, "it is mandatory");
  }

  private String bounded(String key, int longest, String why) {
    YamlNode value = required(key, why);
    if (value.text().isBlank() || value.text().length() > longest) {
      throw value.error("the " + key + " must have 1 to " + longest + " characters");
    }
    return value.text();
  }

  String optional(String key) {
    YamlNode value = value(key);
    return value == null ? "" : value.text();
  }

  String description() {
    return value("description") == null ? "" : bounded("description", MAX_DESCRIPTION, "");
  }

  @Nullable String remediation() {
    return value("remediation") == null ? null : bounded("remediation", MAX_DESCRIPTION, "");
  }

  @Nullable Level level() {
    YamlNode value = value("level");
    return value == null ? null : oneOf(Level.class, value);
  }

  @Nullable Status status() {
    YamlNode value = value("status");
    if (value != null && value.text().equals("unsupported")) {
      throw value.error("status 'unsupported' says that the rule can't be used");
    }
    return value == null ? null : oneOf(Status.class, value);
  }

  /** The constant whose name in lower case is what the file says. */
  static <E extends Enum<E>> E oneOf(Class<E> type, YamlNode value) {
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

  List<String> texts(String key) {
    YamlNode value = value(key);
    List<String> texts = new ArrayList<>();
    if (value != null) {
      if (value.items().size() > MAX_ITEMS) {
        throw value.error("the " + key + " must be " + MAX_ITEMS + " at most");
      }
      value.items().forEach(item -> texts.add(item(key, item)));
    }
    return texts;
  }

  /** A list of texts, or one text alone. */
  List<String> oneOrMore(String key) {
    YamlNode value = value(key);
    return value == null || value.isList() ? texts(key) : List.of(item(key, value));
  }

  private static String item(String key, YamlNode value) {
    if (value.text().length() > MAX_ITEM) {
      throw value.error("each of the " + key + " must have " + MAX_ITEM + " characters at most");
    }
    return value.text();
  }

  List<String> tags() {
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

  // Before version 2.0 of the specification dates were written with slashes.
  @Nullable LocalDate date() {
    YamlNode value = value("date");
    try {
      return value == null ? null : LocalDate.parse(value.text().replace('/', '-'));
    } catch (DateTimeParseException e) {
      throw value.error("expected a date as YYYY-MM-DD, found '" + value.text() + "'");
    }
  }
}
