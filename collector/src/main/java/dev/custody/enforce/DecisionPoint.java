package dev.custody.enforce;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegation.Bearer;
import dev.custody.delegations.Binding;
import dev.custody.delegations.DelegationBook;
import dev.custody.event.Body;
import dev.custody.identity.SpiffeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides on tool calls. Reads no disk and waits for nobody. Safe for use by several threads. */
public final class DecisionPoint {
  private static final String BY_DELEGATION = "delegation";
  private static final String BY_CONFIGURATION = "configuration";
  private static final int LONGEST_REASON = 2000;
  private static final String PROCEED = "proceed";
  private static final String DENY = "deny";

  private final Policy policy;
  private final Judge judge;

  /** Judges by {@code book}, answers by {@code policy}. */
  public DecisionPoint(DelegationBook book, Policy policy) {
    this.policy = policy;
    this.judge = new Judge(book);
  }

  /** The policy in force. */
  public Policy policy() {
    return policy;
  }

  /**
   * Decides on a call of {@code tool} at {@code now}.
   *
   * @param resources what the call names
   * @param command the command line, where the tool is a shell; else null
   */
  public Decision decide(
      String tool,
      List<String> resources,
      @Nullable String command,
      Binding binding,
      String human,
      SpiffeId agent,
      String session,
      @Nullable String subAgent,
      Instant now) {
    List<Act> acts = new ArrayList<>();
    acts.add(new Act("tool:" + tool, resources, true));
    if (command != null) {
      acts.addAll(AwsCommand.actsOf(command));
    }
    Judge.Doer doer = new Judge.Doer(human, new Bearer(agent, subAgent), session);
    List<Judged> judged = judge.judge(acts, binding, doer, now);
    return decision(tool, decisive(judged));
  }

  /** The first that is not allowed; else the first of the weightiest verdict. */
  private static Judged decisive(List<Judged> judged) {
    return judged.stream()
        .filter(j -> !j.allowed())
        .findFirst()
        .or(() -> first(judged, DelegationVerdict.UNCERTAIN))
        .or(() -> first(judged, DelegationVerdict.WITHIN))
        .or(() -> first(judged, DelegationVerdict.NONE))
        .orElse(judged.getFirst());
  }

  private static java.util.Optional<Judged> first(List<Judged> judged, DelegationVerdict verdict) {
    return judged.stream().filter(j -> j.verdict() == verdict).findFirst();
  }

  private Decision decision(String tool, Judged decisive) {
    boolean missing = policy.requireDelegation() && decisive.verdict() == DelegationVerdict.NONE;
    boolean allowed = decisive.allowed() && !missing;
    boolean denied = !allowed && policy.mode() == Policy.Mode.ENFORCE;
    String reason =
        missing ? decisive.reason() + "; the policy asks for a delegation" : decisive.reason();
    Body.PolicyDecision body =
        new Body.PolicyDecision(
            tool,
            policy.mode().word(),
            decisive.verdict().name(),
            missing ? "delegation-required" : decisive.verdict().rule(),
            missing ? BY_CONFIGURATION : BY_DELEGATION,
            denied ? DENY : PROCEED,
            bounded(reason));
    boolean said =
        decisive.verdict() != DelegationVerdict.NONE
            && decisive.verdict() != DelegationVerdict.NOT_APPLICABLE;
    boolean worthIt = policy.mode() == Policy.Mode.ENFORCE || said || missing;
    return new Decision(
        body, decisive.act().resources(), worthIt, denied ? bounded(told(reason)) : null);
  }

  private static String told(String reason) {
    return "Custody: %s. Ask the person you work for; they can allow it with: custody delegate grant"
        .formatted(reason);
  }

  /**
   * When no decision could be made, or recorded, in time.
   *
   * @param why in a few words
   */
  public Decision undecided(String tool, String why) {
    boolean denied =
        policy.mode() == Policy.Mode.ENFORCE && policy.undecided() == Policy.Undecided.DENY;
    String reason = "no decision: " + why;
    return new Decision(
        new Body.PolicyDecision(
            tool,
            policy.mode().word(),
            "UNDECIDED",
            "undecided",
            BY_CONFIGURATION,
            denied ? DENY : PROCEED,
            bounded(reason)),
        List.of(),
        true,
        denied ? bounded("Custody: " + reason + ". Try again.") : null);
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
  }
}
