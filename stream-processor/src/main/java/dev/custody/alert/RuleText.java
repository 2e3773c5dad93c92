package dev.custody.alert;

import dev.custody.sigma.Correlation;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.SigmaRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a finding says of the rule that raised it, whatever kind of rule it is.
 *
 * @param title title
 * @param description in words; empty if it has none
 * @param level severity; null when the rule names none
 * @param tags ATT&amp;CK, ATLAS and OWASP among them
 * @param falsepositives benign causes
 * @param references where to read on
 * @param remediation what to do next; null if it does not say
 * @param types what kind of thing it finds; empty for a rule on single events
 */
record RuleText(
    String title,
    String description,
    SigmaRule.@Nullable Level level,
    List<String> tags,
    List<String> falsepositives,
    List<String> references,
    @Nullable String remediation,
    List<String> types) {
  /** Acts that follow each other or come together. */
  private static final String CHAINING = "suspicious_chaining";

  /** Too much or too many of one thing. */
  private static final String VOLUME = "suspicious_volume";

  RuleText {
    tags = List.copyOf(tags);
    falsepositives = List.copyOf(falsepositives);
    references = List.copyOf(references);
    types = List.copyOf(types);
  }

  static RuleText of(RuleDocument document) {
    return switch (document) {
      case SigmaRule rule ->
          new RuleText(
              rule.title(),
              rule.description(),
              rule.level(),
              rule.tags(),
              rule.falsepositives(),
              rule.references(),
              rule.remediation(),
              List.of());
      case Correlation correlation ->
          new RuleText(
              correlation.title(),
              correlation.description(),
              correlation.level(),
              correlation.tags(),
              correlation.falsepositives(),
              correlation.references(),
              correlation.remediation(),
              List.of(correlation.type().isTemporal() ? CHAINING : VOLUME));
    };
  }

  /** Whether it compares events, rather than looking at one. */
  boolean comparesEvents() {
    return !types.isEmpty();
  }
}
