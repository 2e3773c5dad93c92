package dev.custody.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.IdentifierKind;
import dev.custody.sigma.JsonFields;
import dev.custody.sigma.Logsource;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events before the Sigma rules, in the fields that {@code docs/detection.md} names: a source
 * record's own fields, so that public rules run as they are, and Custody's beside them under {@code
 * custody}.
 */
public final class RuleMatcher {
  private static final Logger LOG = LoggerFactory.getLogger(RuleMatcher.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RuleSet rules;

  /** Matches against {@code rules}. */
  public RuleMatcher(RuleSet rules) {
    this.rules = rules;
  }

  /** Ids of the rules that {@code event} fires, in the order in which they were loaded. */
  public List<String> hits(Event event) {
    return ids(rules.match(logsource(event), new JsonFields(fields(event))));
  }

  /** Ids of the rules that the use of a delegation fires. */
  public List<String> hitsOfDelegationUse(Attribution act) {
    ObjectNode fields = JSON.createObjectNode();
    ObjectNode delegation = fields.putObject("delegation");
    delegation.put("verdict", act.delegation().verdict().name());
    delegation.put("id", act.delegation().id());
    delegation.put("grantor", act.delegation().grantor());
    act(act, fields);
    return ids(
        rules.match(new Logsource("delegation_use", "custody", null), new JsonFields(fields)));
  }

  /** Ids of the rules that the use of a credential fires; none where nothing is of concern. */
  public List<String> hitsOfCredentialUse(Attribution act) {
    if (act.best().concerns().isEmpty()) {
      return List.of();
    }
    ObjectNode fields = JSON.createObjectNode();
    act.best().concerns().forEach(c -> fields.withArray("concerns").add(c.name()));
    act.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID)
        .forEach(i -> fields.withArray("credential").add(i.value()));
    fields.put("session", act.best().session());
    act(act, fields);
    return ids(
        rules.match(new Logsource("credential_use", "custody", null), new JsonFields(fields)));
  }

  /** What is told of every act, beside what is special. */
  private static void act(Attribution act, ObjectNode fields) {
    ObjectNode event = fields.putObject("event");
    event.put("kind", act.kind()).put("action", act.action()).put("outcome", act.outcome().name());
    act.resources().forEach(event.putArray("resources")::add);
    Agent agent = act.best().agent();
    fields
        .put("grade", act.best().grade().name())
        .put("agent", agent == null ? null : agent.product());
  }

  /** Ids of the rules that a verdict on a chain fires. */
  public List<String> hitsOfVerdict(String verdict, String detail) {
    ObjectNode fields = JSON.createObjectNode().put("verdict", verdict).put("detail", detail);
    return ids(
        rules.match(new Logsource("chain_integrity", "custody", null), new JsonFields(fields)));
  }

  /** Ids of the rules that a gap fires. */
  public List<String> hitsOfGap(Gap gap) {
    Evidence shown = gap.evidence();
    ObjectNode fields =
        JSON.createObjectNode()
            .put("gap", gap.kind().name())
            .put("detail", gap.detail())
            .put("session", shown.session())
            .put("action", shown.action())
            .put("agent", shown.agent() == null ? null : shown.agent().product());
    gap.channels().forEach(c -> fields.withArray("channels").add(c.name()));
    return ids(rules.match(new Logsource("capture_gap", "custody", null), new JsonFields(fields)));
  }

  private static List<String> ids(List<SigmaRule> matched) {
    return matched.stream().map(SigmaRule::id).toList();
  }

  private static Logsource logsource(Event event) {
    return switch (event.source().kind()) {
      case "cloudtrail" -> new Logsource(null, "aws", "cloudtrail");
      default -> new Logsource("agent_event", "custody", event.source().kind());
    };
  }

  private static JsonNode fields(Event event) {
    ObjectNode fields = content(event);
    ObjectNode custody = fields.putObject("custody");
    custody
        .put("kind", event.body().name())
        .put("action", event.action())
        .put("outcome", event.outcome().name());
    custody.put("secrets", event.redactions().size());
    event.redactions().forEach(r -> custody.withArray("secret_kinds").add(r.kind()));
    event.resources().forEach(r -> custody.withArray("resources").add(r));
    Agent agent = event.actor().agent();
    if (agent != null) {
      custody.put("agent", agent.product());
    }
    if (event.body() instanceof Body.PolicyDecision decision) {
      custody
          .putObject("decision")
          .put("tool", decision.tool())
          .put("mode", decision.mode())
          .put("verdict", decision.verdict())
          .put("rule", decision.rule())
          .put("decided_by", decision.decidedBy())
          .put("answer", decision.answer());
    }
    return fields;
  }

  private static ObjectNode content(Event event) {
    try {
      if (!event.content().isEmpty()
          && event.contentKey().isEmpty()
          && JSON.readTree(event.content().toByteArray()) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // The collector writes JSON; where a foreign one did not, its event still runs past the rules
      // on Custody's own fields.
      LOG.warn("content of event {} is not JSON", event.id());
    }
    return JSON.createObjectNode();
  }
}
