package dev.custody.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small campaign that another class loader runs, against a verifier that may lack a check. */
public final class SwitchedOffRun {
  private static final int TIMES = 5;

  private final Campaign campaign;
  private final List<Operator> operators;

  /** Makes a few clean logs from {@code seed}. */
  public SwitchedOffRun(long seed) {
    this.operators = Operator.all();
    this.campaign = new Campaign(seed, operators, Worlds.few(seed));
  }

  /**
   * Applies each operator a few times, those first that name {@code refusal} among their verdicts.
   *
   * @return the operator that was not answered as declared, and how; empty when all were
   */
  public String noticed(String refusal) throws Exception {
    List<Operator> order = new ArrayList<>(operators);
    order.sort(java.util.Comparator.comparing(operator -> !seen(operator).contains(refusal)));
    for (Operator operator : order) {
      Tally tally = campaign.only(operator, TIMES);
      if (tally.bad() > 0) {
        Tally.Kind kind =
            tally.counts().keySet().stream()
                .filter(k -> !k.outcome().good())
                .findFirst()
                .orElseThrow();
        return "%s: %s (%s)".formatted(operator.name(), kind.outcome(), kind.verdict());
      }
    }
    return "";
  }

  private final Map<String, java.util.Set<String>> seen = new java.util.HashMap<>();

  private java.util.Set<String> seen(Operator operator) {
    return seen.getOrDefault(operator.name(), java.util.Set.of());
  }

  /** Applies everything with all checks on, and remembers who saw what. */
  public String calibrate() throws Exception {
    for (Operator operator : operators) {
      Tally tally = campaign.only(operator, TIMES);
      if (tally.bad() > 0) {
        return tally.stories().toString();
      }
      seen.put(
          operator.name(),
          tally.counts().keySet().stream()
              .map(Tally.Kind::verdict)
              .collect(java.util.stream.Collectors.toSet()));
    }
    return "";
  }
}
