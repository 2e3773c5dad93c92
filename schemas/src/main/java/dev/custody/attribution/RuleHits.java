package dev.custody.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * What rules see in an event's record, which is not looked at again.
 *
 * @param rules ids of the rules that it fired
 * @param fields what correlations of those rules group by or count
 */
public record RuleHits(List<String> rules, List<RecordField> fields) {
  /** No rule fired. */
  public static final RuleHits NONE = new RuleHits(List.of(), List.of());

  public RuleHits {
    rules = List.copyOf(rules);
    fields = List.copyOf(fields);
  }

  /** With those that saw something of the event beside its record. */
  public RuleHits and(RuleHits more) {
    List<String> all = new ArrayList<>(rules);
    all.addAll(more.rules);
    List<RecordField> both = new ArrayList<>(fields);
    both.addAll(more.fields);
    return more.rules.isEmpty() ? this : new RuleHits(all, both);
  }
}
