package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an act stands to the delegations of the human it was done for. Calls to clouds are judged at
 * the provider's time, acts on the agent's machine at the collector's; within {@link #SKEW} of a
 * boundary the verdict is {@code UNCERTAIN}.
 */
final class DelegationJudge {
  /** Clocks may differ by this much. */
  static final Duration SKEW = Duration.ofSeconds(5);

  private static final Comparator<Grant> NEWEST_FIRST =
      Comparator.comparing(Grant::issuedAt).thenComparing(Grant::id).reversed();

  private DelegationJudge() {}

  /** Whether the event is something that an agent does, and a delegation may allow. */
  static boolean isAct(Attribution event) {
    return switch (event.kind()) {
      case "CloudCall",
          "CommitCreated",
          "ReferenceUpdated",
          "ToolCallRequested",
          "ToolCallCompleted",
          "ToolCallRefused",
          "CredentialUsed" ->
          true;
      default -> false;
    };
  }

  static DelegationUse judge(Attribution act, List<Grant> grants) {
    Agent agent = act.best().agent();
    Human human = act.best().human();
    if (agent == null) {
      return act.delegation();
    }
    String who = human == null ? "an unknown human" : human.id();
    Instant moment = act.kind().equals("CloudCall") ? act.occurredAt() : act.observedAt();
    List<Grant> held =
        grants.stream()
            .filter(g -> isFor(g, agent, act.best().delegation()))
            .sorted(NEWEST_FIRST)
            .toList();
    if (held.isEmpty() && !isAct(act)) {
      return Draft.NOT_JUDGED;
    }
    if (held.isEmpty()) {
      return Draft.use(DelegationVerdict.NONE, "no delegation: borrowed identity of " + who);
    }
    Grant inForce = held.stream().filter(g -> validAt(g, moment)).findFirst().orElse(null);
    if (!isAct(act)) {
      return inForce == null
          ? Draft.NOT_JUDGED
          : use(
              DelegationVerdict.NOT_APPLICABLE,
              inForce,
              "not an act that a delegation could allow");
    }
    return inForce != null ? judge(act, inForce, moment) : outOfTime(held, moment);
  }

  private static boolean isFor(Grant grant, Agent agent, @Nullable String presented) {
    if (presented != null) {
      return presented.equals(grant.id());
    }
    return SpiffeId.parse(grant.delegate()).covers(SpiffeId.parse(agent.spiffeId()));
  }

  private static DelegationUse judge(Attribution act, Grant grant, Instant moment) {
    if (nearBoundary(grant, moment)) {
      return use(
          DelegationVerdict.UNCERTAIN,
          grant,
          "within " + SKEW.toSeconds() + " s of the start or end of " + grant.id());
    }
    String action = act.action() == null ? "" : act.action();
    try {
      Scope scope = Scope.ofAuthorizationDetails(grant.authorizationDetails());
      if (!scope.judges(action)) {
        String family = action.substring(0, action.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        return use(DelegationVerdict.NOT_APPLICABLE, grant, "the scope says nothing of " + family);
      }
      return scope.permits(action, act.resources())
          ? use(DelegationVerdict.WITHIN, grant, "the scope allows " + action)
          : use(
              DelegationVerdict.OUTSIDE,
              grant,
              "the scope does not allow " + action + on(act.resources()));
    } catch (InvalidDelegationException e) {
      return use(DelegationVerdict.UNCERTAIN, grant, "its scope cannot be read: " + e.getMessage());
    }
  }

  private static String on(List<String> resources) {
    return resources.isEmpty() ? "" : " on " + resources.getFirst();
  }

  private static DelegationUse outOfTime(List<Grant> held, Instant moment) {
    Grant newest = held.getFirst();
    if (nearBoundary(newest, moment)) {
      return use(
          DelegationVerdict.UNCERTAIN,
          newest,
          "within " + SKEW.toSeconds() + " s of the start or end of " + newest.id());
    }
    return moment.isBefore(newest.notBefore())
        ? use(
            DelegationVerdict.NOT_YET_VALID,
            newest,
            newest.id() + " begins at " + newest.notBefore())
        : use(DelegationVerdict.EXPIRED, newest, newest.id() + " ended at " + newest.expiresAt());
  }

  private static boolean validAt(Grant grant, Instant moment) {
    return !moment.isBefore(grant.notBefore()) && moment.isBefore(grant.expiresAt());
  }

  private static boolean nearBoundary(Grant grant, Instant moment) {
    return near(grant.notBefore(), moment) || near(grant.expiresAt(), moment);
  }

  private static boolean near(Instant boundary, Instant moment) {
    return Duration.between(boundary, moment).abs().compareTo(SKEW) < 0;
  }

  static DelegationUse use(DelegationVerdict verdict, Grant grant, String reason) {
    List<String> words;
    try {
      words = Scope.ofAuthorizationDetails(grant.authorizationDetails()).inWords();
    } catch (InvalidDelegationException e) {
      words = List.of();
    }
    return new DelegationUse(
        verdict, grant.id(), grant.grantor(), words, grant.expiresAt(), grant.grantedIn(), reason);
  }
}
