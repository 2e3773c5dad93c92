package dev.custody.campaign;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small campaign that another class loader runs, against a verifier that may lack a check. */
public final class SwitchedOffRun {
  private static final int TIMES = 5;

  private final Campaign campaign;
  private final List<Operator> operators;
  private final Map<String, Set<Integer>> refused = new HashMap<>();

  /** Makes a few clean logs from {@code seed}. */
  public SwitchedOffRun(long seed) {
    this.operators = Operator.all();
    this.campaign = new Campaign(seed, operators, Worlds.few(seed));
  }

  /**
   * Applies everything with all checks on, and remembers which checks refused under which operator.
   *
   * @return what was not answered as declared; empty when all was
   */
  public String calibrate() throws Exception {
    for (Operator operator : operators) {
      var _ = CheckSwitch.refused();
      Tally tally = campaign.only(operator, TIMES);
      if (tally.bad() > 0) {
        return tally.stories().toString();
      }
      refused.put(operator.name(), CheckSwitch.refused());
    }
    return "";
  }

  /**
   * Switches {@code check} off, and applies those operators again under which it refused: to the
   * others, which do the same again, it makes no difference.
   *
   * @return the operator that was not answered as declared, and how; empty when all were
   */
  public String noticed(int check) throws Exception {
    CheckSwitch.turnOff(check);
    for (Operator operator : operators) {
      if (!refused.getOrDefault(operator.name(), Set.of()).contains(check)) {
        continue;
      }
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
}
