package dev.custody.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.alert.FindingState.Told;
import dev.custody.attribution.Grade;
import dev.custody.detect.Evidence;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes findings as OCSF 1.8.0 Detection Finding (class 2004). What it writes depends on the
 * evidence alone, never on a clock, so a rebuild tells the same. The schema of it all is the
 * resource {@code finding.schema.json}.
 */
public final class OcsfFindings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CREATE = 1;
  private static final int UPDATE = 2;
  private static final int CLOSE = 3;

  /** The class that each record of {@code custody.alerts} is of. */
  static final int CLASS_UID = 2004;

  private final Map<String, RuleText> rules = new HashMap<>();
  private final String rulesDigest;

  /** Names {@code rules} and their digest in each finding. */
  public OcsfFindings(RuleSet rules) {
    rules.documents().forEach(rule -> this.rules.put(rule.id(), RuleText.of(rule)));
    this.rulesDigest = rules.digest();
  }

  /** OCSF's name of the severity of what {@code rule} raises. */
  String severity(String rule) {
    return severity(rules.get(rule)).caption;
  }

  /**
   * A record about a finding.
   *
   * @param evidence what is kept of it, oldest first; of a closed finding what was taken back last
   * @param newest time of the newest evidence, which may not be among that
   */
  byte[] json(String id, FindingState state, List<Evidence> evidence, Instant newest) {
    int activity = state.closed() ? CLOSE : state.told() == Told.OPEN ? UPDATE : CREATE;
    RuleText rule = rules.get(state.rule());
    ObjectNode finding = JSON.createObjectNode();
    classify(finding, activity, state.closed());
    finding.put("severity_id", severity(rule).id).put("severity", severity(rule).caption);
    confidence(finding, evidence);
    finding
        .put("time", newest.toEpochMilli())
        .put("start_time", evidence.getFirst().occurredAt().toEpochMilli())
        .put("end_time", newest.toEpochMilli());
    finding.put("count", Math.max(1, state.count()));
    finding.put("message", message(rule, evidence));
    metadata(finding, id, state.group());
    info(finding, id, state.rule(), rule, evidence, newest);
    OcsfEvidence.write(evidence, finding);
    remediation(finding, rule);
    try {
      return JSON.writeValueAsBytes(finding);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a finding cannot be written: " + e.getMessage(), e);
    }
  }

  private static void classify(ObjectNode finding, int activity, boolean closed) {
    String name = activity == CREATE ? "Create" : activity == UPDATE ? "Update" : "Close";
    finding.put("activity_id", activity).put("activity_name", name);
    finding.put("category_uid", 2).put("category_name", "Findings");
    finding.put("class_uid", CLASS_UID).put("class_name", "Detection Finding");
    finding
        .put("type_uid", CLASS_UID * 100 + activity)
        .put("type_name", "Detection Finding: " + name);
    finding.put("status_id", closed ? 4 : 1).put("status", closed ? "Resolved" : "New");
    finding.put("is_alert", !closed);
  }

  /** OCSF 1.8.0, {@code severity_id}. */
  private enum Severity {
    UNKNOWN(0, "Unknown"),
    INFORMATIONAL(1, "Informational"),
    LOW(2, "Low"),
    MEDIUM(3, "Medium"),
    HIGH(4, "High"),
    CRITICAL(5, "Critical"),
    OTHER(99, "Other");

    private final int id;
    private final String caption;

    Severity(int id, String caption) {
      this.id = id;
      this.caption = caption;
    }
  }

  private static Severity severity(@Nullable RuleText rule) {
    SigmaRule.Level level = rule == null ? null : rule.level();
    return rule == null
        ? Severity.OTHER
        : level == null ? Severity.UNKNOWN : Severity.valueOf(level.name());
  }

  private static void confidence(ObjectNode finding, List<Evidence> evidence) {
    Grade best =
        evidence.stream().map(Evidence::grade).min(Grade::compareTo).orElse(Grade.UNATTRIBUTED);
    int confidence =
        best == Grade.UNATTRIBUTED || best == Grade.INFERRED
            ? 1
            : best == Grade.CORROBORATED ? 2 : 3;
    finding
        .put("confidence_id", confidence)
        .put("confidence", List.of("Low", "Medium", "High").get(confidence - 1));
  }

  private static String message(@Nullable RuleText rule, List<Evidence> evidence) {
    // What is known best says most; of several the newest.
    Evidence last =
        evidence.stream()
            .max(
                Comparator.comparing(Evidence::grade)
                    .reversed()
                    .thenComparing(Evidence::occurredAt))
            .orElseThrow();
    String who = last.agent() == null ? "an unknown agent" : last.agent().product();
    String human = last.human() == null ? "an unknown human" : last.human().id();
    String what = rule == null ? "a rule that is no longer loaded" : rule.title();
    return last.session() == null
        ? what + ": " + last.summary()
        : "%s: %s for %s: %s".formatted(what, who, human, last.summary());
  }

  private static void metadata(ObjectNode finding, String id, String group) {
    ObjectNode metadata = finding.putObject("metadata").put("version", "1.8.0").put("uid", id);
    metadata.put("correlation_uid", group).put("log_name", "custody.alerts");
    metadata
        .putObject("product")
        .put("name", "Custody")
        .put("uid", "custody")
        .put("vendor_name", "Custody");
  }

  private void info(
      ObjectNode finding,
      String id,
      String ruleId,
      @Nullable RuleText rule,
      List<Evidence> evidence,
      Instant newest) {
    long first = evidence.getFirst().occurredAt().toEpochMilli();
    long last = newest.toEpochMilli();
    ObjectNode info = finding.putObject("finding_info").put("uid", id);
    info.put("title", rule == null ? ruleId : rule.title());
    info.put("created_time", first).put("modified_time", last);
    info.put("first_seen_time", first).put("last_seen_time", last);
    boolean compares = rule != null && rule.comparesEvents();
    info.putObject("analytic")
        .put("uid", ruleId)
        .put("name", rule == null ? ruleId : rule.title())
        .put("type_id", compares ? 2 : 1)
        .put("type", compares ? "Behavioral" : "Rule")
        .put("version", rulesDigest);
    ArrayNode related = info.putArray("related_events");
    evidence.forEach(e -> related.addObject().put("uid", e.key()).put("type", e.kind()));
    info.put("related_events_count", related.size());
    if (rule != null) {
      if (!rule.description().isEmpty()) {
        info.put("desc", rule.description());
      }
      if (compares) {
        texts(info.putArray("types"), rule.types());
      }
      AttackTags.write(rule.tags(), info);
      tags(info, rule);
    }
  }

  private static void tags(ObjectNode info, RuleText rule) {
    ArrayNode tags = JSON.createArrayNode();
    List<String> owasp =
        rule.tags().stream()
            .filter(tag -> tag.startsWith("owasp."))
            .map(tag -> tag.substring("owasp.".length()).toUpperCase(Locale.ROOT))
            .toList();
    if (!owasp.isEmpty()) {
      texts(tags.addObject().put("name", "owasp").putArray("values"), owasp);
    }
    if (!rule.falsepositives().isEmpty()) {
      texts(
          tags.addObject().put("name", "false_positives").putArray("values"),
          rule.falsepositives());
    }
    if (!tags.isEmpty()) {
      info.set("tags", tags);
    }
  }

  private static void remediation(ObjectNode finding, @Nullable RuleText rule) {
    if (rule != null && rule.remediation() != null) {
      ObjectNode remediation = finding.putObject("remediation").put("desc", rule.remediation());
      if (!rule.references().isEmpty()) {
        texts(remediation.putArray("references"), rule.references());
      }
    }
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
