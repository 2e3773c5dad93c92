package dev.custody.sigma;

import dev.custody.sigma.YamlNode.Entry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one document of a rule file that looks at single events. */
final class RuleParser {
  private final DocumentHead head;
  private final Placeholders placeholders;

  private RuleParser(YamlNode document, Placeholders placeholders) {
    this.head = new DocumentHead(document);
    this.placeholders = placeholders;
  }

  /** The rule that the document says, or the first error in it. */
  static SigmaRule parse(YamlNode document, Placeholders placeholders) {
    return new RuleParser(document, placeholders).rule();
  }

  private SigmaRule rule() {
    head.refuse("filter", "Sigma filters are not supported yet");
    head.refuse("action", "rule collections are no longer Sigma; write each rule in full");
    head.refuse("scope", "'scope' is not supported; say it in the detection or the logsource");
    head.checkTaxonomy();
    return new SigmaRule(
        head.id(),
        head.name(),
        head.title(),
        head.status(),
        head.description(),
        head.level(),
        logsource(),
        head.tags(),
        head.oneOrMore("falsepositives"),
        head.texts("references"),
        head.texts("fields"),
        head.optional("author"),
        head.date(),
        head.remediation(),
        DetectionParser.parse(head.required("detection", "it is mandatory"), placeholders));
  }

  private Logsource logsource() {
    YamlNode section = head.required("logsource", "it is mandatory");
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
}
