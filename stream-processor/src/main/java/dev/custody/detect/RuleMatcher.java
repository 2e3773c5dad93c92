package dev.custody.detect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.RuleHits;
import dev.custody.event.Event;
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
    return ids(rules.match(own("delegation_use"), LateFields.ofDelegationUse(act)));
  }

  /** Ids of the rules that the use of a credential fires; none where nothing is of concern. */
  public List<String> hitsOfCredentialUse(Attribution act) {
    if (act.best().concerns().isEmpty()) {
      return List.of();
    }
    return ids(rules.match(own("credential_use"), LateFields.ofCredentialUse(act)));
  }

  /** What the rules see in a delegation that does not count. */
  public RuleHits seenInRefusedDelegation(Event event, String defect, String detail) {
    ObjectNode fields = JSON.createObjectNode().put("defect", defect).put("detail", detail);
    LateFields.put(fields, "delegation", event.delegation());
    fields.put("host", event.host().name());
    FieldSource source = new JsonFields(fields);
    List<String> hits = ids(rules.match(own("delegation_refused"), source));
    return new RuleHits(hits, groups.fields(hits, source));
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
        JSON.createObjectNode().put("gap", gap.kind().name()).put("detail", gap.detail());
    LateFields.put(fields, "session", shown.session());
    LateFields.put(fields, "action", shown.action());
    LateFields.put(fields, "agent", shown.agent() == null ? null : shown.agent().product());
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
