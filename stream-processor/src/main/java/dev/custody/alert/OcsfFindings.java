package dev.custody.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Grade;
import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes findings as OCSF 1.8.0 Detection Finding (class 2004). What it writes depends on the
 * evidence alone, never on a clock, so a rebuild tells the same.
 */
public final class OcsfFindings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLASS_UID = 2004;
  private static final int CREATE = 1;
  private static final int UPDATE = 2;
  private static final int CLOSE = 3;
  private static final int OTHER_SEVERITY = 99;
  private static final int MAX_EVIDENCES = 32;

  private final Map<String, SigmaRule> rules = new HashMap<>();
  private final String rulesDigest;

  /** Names {@code rules} and their digest in each finding. */
  public OcsfFindings(RuleSet rules) {
    rules.rules().forEach(rule -> this.rules.put(rule.id(), rule));
    this.rulesDigest = rules.digest();
  }

  byte[] json(String id, Sighting latest, @Nullable FindingState before, FindingState after) {
    int activity = after.closed() ? CLOSE : before == null || before.closed() ? CREATE : UPDATE;
    List<Evidence> evidence =
        after.evidence().isEmpty() ? List.of(latest.evidence()) : after.evidence();
    SigmaRule rule = rules.get(after.rule());
    ObjectNode finding = JSON.createObjectNode();
    classify(finding, activity, after.closed());
    severity(finding, rule);
    confidence(finding, evidence);
    Instant first = evidence.getFirst().occurredAt();
    Instant last = evidence.getLast().occurredAt();
    finding
        .put("time", last.toEpochMilli())
        .put("start_time", first.toEpochMilli())
        .put("end_time", last.toEpochMilli());
    finding.put("count", evidence.size() + after.omitted());
    finding.put("message", message(rule, evidence));
    metadata(finding, id, latest);
    info(finding, id, after.rule(), rule, evidence, first, last);
    ArrayNode evidences = finding.putArray("evidences");
    evidence.stream().limit(MAX_EVIDENCES).forEach(e -> evidences.add(evidence(e)));
    resources(finding, evidence);
    observables(finding, evidence);
    unmapped(finding, rule, after);
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

  private static void severity(ObjectNode finding, @Nullable SigmaRule rule) {
    int severity = rule == null ? OTHER_SEVERITY : severityId(rule.level());
    String name = rule == null ? "Other" : capital(rule.level().name());
    finding.put("severity_id", severity).put("severity", name);
  }

  // OCSF 1.8.0, severity_id.
  private static int severityId(SigmaRule.Level level) {
    return switch (level) {
      case INFORMATIONAL -> 1;
      case LOW -> 2;
      case MEDIUM -> 3;
      case HIGH -> 4;
      case CRITICAL -> 5;
    };
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

  private static String message(@Nullable SigmaRule rule, List<Evidence> evidence) {
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

  private void metadata(ObjectNode finding, String id, Sighting latest) {
    ObjectNode metadata = finding.putObject("metadata").put("version", "1.8.0").put("uid", id);
    metadata.put("correlation_uid", latest.group()).put("log_name", "custody.alerts");
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
      @Nullable SigmaRule rule,
      List<Evidence> evidence,
      Instant first,
      Instant last) {
    ObjectNode info = finding.putObject("finding_info").put("uid", id);
    info.put("title", rule == null ? ruleId : rule.title());
    info.put("first_seen_time", first.toEpochMilli()).put("last_seen_time", last.toEpochMilli());
    info.putObject("analytic")
        .put("uid", ruleId)
        .put("name", rule == null ? ruleId : rule.title())
        .put("type_id", 1)
        .put("type", "Rule")
        .put("version", rulesDigest.substring(0, 16));
    ArrayNode related = info.putArray("related_events");
    evidence.stream()
        .limit(MAX_EVIDENCES)
        .forEach(e -> related.addObject().put("uid", e.key()).put("type", e.kind()));
    if (rule != null) {
      if (!rule.description().isEmpty()) {
        info.put("desc", rule.description());
      }
      AttackTags.write(rule.tags(), info, finding);
    }
  }

  private static ObjectNode evidence(Evidence e) {
    ObjectNode node = JSON.createObjectNode();
    ObjectNode actor = node.putObject("actor");
    Agent agent = e.agent();
    actor.put("app_name", agent == null ? "unknown" : agent.product());
    if (agent != null) {
      actor.put("app_uid", agent.spiffeId());
    }
    if (e.session() != null) {
      actor.putObject("session").put("uid", e.session());
    }
    Human human = e.human();
    if (human != null) {
      actor.putObject("user").put("name", human.id()).put("type_id", 1).put("type", "User");
    }
    if (e.action() != null && e.kind().equals("CloudCall")) {
      int colon = e.action().indexOf(':');
      ObjectNode api = node.putObject("api").put("operation", e.action().substring(colon + 1));
      api.putObject("service").put("name", e.action().substring(0, Math.max(0, colon)));
    }
    if (e.sourceAddress() != null && e.sourceAddress().matches("[0-9a-fA-F.:]{3,45}")) {
      node.putObject("src_endpoint").put("ip", e.sourceAddress());
    }
    node.set("data", data(e));
    return node;
  }

  private static ObjectNode data(Evidence e) {
    ObjectNode data = JSON.createObjectNode();
    data.put("event_id", e.key())
        .put("kind", e.kind())
        .put("summary", e.summary())
        .put("grade", e.grade().name());
    data.put("occurred_at", e.occurredAt().toString());
    putKnown(data, "prompt_id", e.prompt());
    putKnown(data, "tool_call_id", e.toolCall());
    putKnown(data, "delegation_id", e.delegation());
    data.put("partition", e.position().partition()).put("offset", e.position().offset());
    data.put("chain", e.position().chain().hex()).put("sequence", e.position().sequence());
    data.put("prove_with", "custody verify");
    return data;
  }

  private static void putKnown(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  private static void resources(ObjectNode finding, List<Evidence> evidence) {
    Set<String> names = new LinkedHashSet<>();
    evidence.forEach(e -> names.addAll(e.resources()));
    if (!names.isEmpty()) {
      ArrayNode resources = finding.putArray("resources");
      names.stream()
          .limit(MAX_EVIDENCES)
          .forEach(name -> resources.addObject().put("uid", name).put("name", name));
    }
  }

  private static void observables(ObjectNode finding, List<Evidence> evidence) {
    ArrayNode observables = JSON.createArrayNode();
    for (int i = 0; i < Math.min(evidence.size(), MAX_EVIDENCES); i++) {
      if (finding.at("/evidences/" + i).has("src_endpoint")) {
        observables
            .addObject()
            .put("name", "evidences[" + i + "].src_endpoint.ip")
            .put("type_id", 2)
            .put("type", "IP Address")
            .put("value", finding.at("/evidences/" + i + "/src_endpoint/ip").textValue());
      }
    }
    if (!observables.isEmpty()) {
      finding.set("observables", observables);
    }
  }

  private void unmapped(ObjectNode finding, @Nullable SigmaRule rule, FindingState state) {
    ObjectNode unmapped = finding.putObject("unmapped");
    unmapped
        .put("group", state.group())
        .put("rules_digest", rulesDigest)
        .put("evidence_omitted", state.omitted());
    if (rule != null) {
      ArrayNode owasp = unmapped.putArray("owasp");
      rule.tags().stream()
          .filter(t -> t.startsWith("owasp."))
          .forEach(t -> owasp.add(t.substring(6).toUpperCase(Locale.ROOT)));
      ArrayNode falsePositives = unmapped.putArray("false_positives");
      rule.falsepositives().forEach(falsePositives::add);
    }
  }

  private static String capital(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
