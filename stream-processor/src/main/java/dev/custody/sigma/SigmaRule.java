package dev.custody.sigma;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Sigma rule (rules specification, "Components"), loaded by {@link RuleSet}.
 *
 * @param id its globally unique identifier ("Identification"), which findings cite; its name where
 *     it has no id
 * @param name what correlations may call it; null if it does not say
 * @param title what it detects, in a few words
 * @param status its maturity; null if it does not say
 * @param description what it detects and why that matters; empty if it does not say
 * @param level how severe a match is; null if it does not say
 * @param logsource which events it applies to
 * @param tags lower-case, namespaced: {@code attack.t1552.001}, {@code owasp.asi02}
 * @param falsepositives harmless causes of a match
 * @param references what it was derived from
 * @param fields what an analyst should be shown of a matching event
 * @param author who wrote it; empty if it does not say
 * @param date when it was written; null if it does not say
 * @param remediation what to do about a match, in words; null if it does not say (a field of this
 *     project; the specification allows such)
 * @param detection what it looks for
 */
public record SigmaRule(
    String id,
    @Nullable String name,
    String title,
    @Nullable Status status,
    String description,
    @Nullable Level level,
    Logsource logsource,
    List<String> tags,
    List<String> falsepositives,
    List<String> references,
    List<String> fields,
    String author,
    @Nullable LocalDate date,
    @Nullable String remediation,
    Detection detection)
    implements RuleDocument {

  public SigmaRule {
    tags = List.copyOf(tags);
    falsepositives = List.copyOf(falsepositives);
    references = List.copyOf(references);
    fields = List.copyOf(fields);
  }

  /** Severity, least first, so that levels compare (rules specification, "Level"). */
  public enum Level {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
  }

  /** Maturity (rules specification, "Status"); {@code unsupported} rules are not loaded. */
  public enum Status {
    STABLE,
    TEST,
    EXPERIMENTAL,
    DEPRECATED
  }
}
