package dev.custody.detect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.RuleHits;
import dev.custody.event.Agent;
import dev.custody.event.Event;
import dev.custody.event.IdentifierKind;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.JsonFields;
import dev.custody.sigma.Logsource;
import dev.custody.sigma.RuleSet;
import dev.custody.sigma.SigmaRule;
import dev.custody.view.RuleView;
import java.util.List;

/** Puts events before the Sigma rules, in the fields that {@code docs/detection.md} names. */
public final class RuleMatcher {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RuleSet rules;
  private final Groups groups;

  /** Matches against {@code rules}. */
  public RuleMatcher(RuleSet rules) {
    this.rules = rules;
    this.groups = new Groups(rules);
  }

  /** Ids of the rules that {@code event} fires, in the order in which they were loaded. */
  public List<String> hits(Event event) {
    return seen(event).rules();
  }

  /** What the rules see in {@code event}, and what correlations need of it. */
  public RuleHits seen(Event event) {
    RuleView view = RuleView.of(event);
    List<String> hits = ids(rules.match(view.logsources(), view.fields()));
    return hits.isEmpty() ? RuleHits.NONE : new RuleHits(hits, groups.fields(hits, view.fields()));
  }

  /** The fields of {@code event} as rules see them. */
  public FieldSource fields(Event event) {
    return RuleView.of(event).fields();
  }

  /** Ids of the rules that the use of a delegation fires. */
  public List<String> hitsOfDelegationUse(Attribution act) {
    ObjectNode fields = JSON.createObjectNode();
    ObjectNode delegation = fields.putObject("delegation");
    delegation.put("verdict", act.delegation().verdict().name());
    delegation.put("id", act.delegation().id());
    delegation.put("grantor", act.delegation().grantor());
    act(act, fields);
    return ids(rules.match(own("delegation_use"), new JsonFields(fields)));
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
    return ids(rules.match(own("credential_use"), new JsonFields(fields)));
  }

  /** What is told of every act, beside what is special. */
  private static void act(Attribution act, ObjectNode fields) {
    ObjectNode event = fields.putObject("event");
    event.put("kind", act.kind()).put("action", act.action()).put("outcome", act.outcome().name());
    act.resources().forEach(event.putArray("resources")::add);
    ObjectNode identifiers = fields.putObject("identifiers");
    act.identifiers().forEach(i -> identifiers.withArray(i.kind().name()).add(i.value()));
    Agent agent = act.best().agent();
    fields
        .put("grade", act.best().grade().name())
        .put("agent", agent == null ? null : agent.product());
  }

  /** Ids of the rules that a delegation which does not count fires. */
  public List<String> hitsOfRefusedDelegation(Event event, String defect, String detail) {
    ObjectNode fields = JSON.createObjectNode().put("defect", defect).put("detail", detail);
    fields.put("delegation", event.delegation());
    fields.put("host", event.host().name());
    return ids(rules.match(own("delegation_refused"), new JsonFields(fields)));
  }

  /** Ids of the rules that a verdict on a chain fires. */
  public List<String> hitsOfVerdict(String verdict, String detail) {
    ObjectNode fields = JSON.createObjectNode().put("verdict", verdict).put("detail", detail);
    return ids(rules.match(own("chain_integrity"), new JsonFields(fields)));
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
    return ids(rules.match(own("capture_gap"), new JsonFields(fields)));
  }

  private static List<String> ids(List<SigmaRule> matched) {
    return matched.stream().map(SigmaRule::id).toList();
  }

  private static List<Logsource> own(String category) {
    return List.of(new Logsource(category, "custody", null));
  }
}
