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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    if (agent == null) {
      return act.delegation();
    }
    Instant moment = act.kind().equals("CloudCall") ? act.occurredAt() : act.observedAt();
    Map<Standing, List<Grant>> held = new EnumMap<>(Standing.class);
    grants.stream()
        .filter(g -> isFor(g, agent, act.best().delegation()))
        .sorted(NEWEST_FIRST)
        .forEach(g -> held.computeIfAbsent(standing(g, moment), x -> new ArrayList<>()).add(g));
    List<Grant> inForce = held.getOrDefault(Standing.IN_FORCE, List.of());
    if (!isAct(act)) {
      return inForce.isEmpty()
          ? Draft.NOT_JUDGED
          : use(
              DelegationVerdict.NOT_APPLICABLE,
              inForce.getFirst(),
              "not an act that a delegation could allow");
    }
    return judge(act, held, inForce);
  }

  /** How a grant stands to a moment. */
  private enum Standing {
    IN_FORCE,
    /** Too near to its start or end for clocks to tell. */
    AT_A_BOUNDARY,
    ENDED,
    NOT_BEGUN,
    /** Recorded only after the moment: nobody can allow what has been done already. */
    AFTERWARDS
  }

  private static Standing standing(Grant grant, Instant moment) {
    if (moment.isBefore(grant.observedAt())) {
      return near(grant.observedAt(), moment) ? Standing.AT_A_BOUNDARY : Standing.AFTERWARDS;
    }
    if (near(grant.notBefore(), moment) || near(grant.expiresAt(), moment)) {
      return Standing.AT_A_BOUNDARY;
    }
    if (moment.isBefore(grant.notBefore())) {
      return Standing.NOT_BEGUN;
    }
    return moment.isBefore(grant.expiresAt()) ? Standing.IN_FORCE : Standing.ENDED;
  }

  private static DelegationUse judge(
      Attribution act, Map<Standing, List<Grant>> held, List<Grant> inForce) {
    List<Grant> atABoundary = held.getOrDefault(Standing.AT_A_BOUNDARY, List.of());
    String action = act.action() == null ? "" : act.action();
    List<Grant> ended = judging(held.get(Standing.ENDED), action);
    List<Grant> notBegun = judging(held.get(Standing.NOT_BEGUN), action);
    for (Grant grant : inForce) {
      if (allows(grant, act, action)) {
        return use(DelegationVerdict.WITHIN, grant, "the scope allows " + action);
      }
    }
    for (Grant grant : atABoundary) {
      if (inForce.isEmpty() || allows(grant, act, action)) {
        return use(
            DelegationVerdict.UNCERTAIN,
            grant,
            "within " + SKEW.toSeconds() + " s of the start or end of " + grant.id());
      }
    }
    if (!inForce.isEmpty()) {
      return outside(act, inForce, action);
    }
    if (!ended.isEmpty()) {
      Grant grant = ended.getFirst();
      return use(DelegationVerdict.EXPIRED, grant, grant.id() + " ended at " + grant.expiresAt());
    }
    if (!notBegun.isEmpty()) {
      Grant grant = notBegun.getFirst();
      return use(
          DelegationVerdict.NOT_YET_VALID, grant, grant.id() + " begins at " + grant.notBefore());
    }
    return none(act, held.getOrDefault(Standing.AFTERWARDS, List.of()));
  }

  // What a scope says nothing of is neither late nor early under it.
  private static List<Grant> judging(@Nullable List<Grant> grants, String action) {
    return grants == null
        ? List.of()
        : grants.stream().filter(g -> scope(g).filter(s -> s.judges(action)).isPresent()).toList();
  }

  private static DelegationUse outside(Attribution act, List<Grant> inForce, String action) {
    for (Grant grant : inForce) {
      if (scope(grant).filter(s -> s.judges(action)).isPresent()) {
        return use(
            DelegationVerdict.OUTSIDE,
            grant,
            "the scope does not allow " + action + on(act.resources()));
      }
    }
    String family = action.substring(0, action.indexOf(':') + 1).toLowerCase(Locale.ROOT);
    return use(
        DelegationVerdict.NOT_APPLICABLE,
        inForce.getFirst(),
        "the scope says nothing of " + family);
  }

  private static DelegationUse none(Attribution act, List<Grant> afterwards) {
    Human human = act.best().human();
    String reason =
        "no delegation: borrowed identity of " + (human == null ? "an unknown human" : human.id());
    return Draft.use(
        DelegationVerdict.NONE,
        afterwards.isEmpty()
            ? reason
            : reason + "; " + afterwards.getLast().id() + " was granted only afterwards");
  }

  private static boolean allows(Grant grant, Attribution act, String action) {
    return scope(grant)
        .filter(s -> s.judges(action) && s.permits(action, act.resources()))
        .isPresent();
  }

  // A recorded grant was verified, scope and all; one of another release that cannot be read allows
  // nothing.
  private static Optional<Scope> scope(Grant grant) {
    try {
      return Optional.of(Scope.ofAuthorizationDetails(grant.authorizationDetails()));
    } catch (InvalidDelegationException e) {
      return Optional.empty();
    }
  }

  private static boolean isFor(Grant grant, Agent agent, @Nullable String presented) {
    if (presented != null) {
      return presented.equals(grant.id());
    }
    return SpiffeId.parse(grant.delegate()).covers(SpiffeId.parse(agent.spiffeId()));
  }

  private static String on(List<String> resources) {
    return resources.isEmpty() ? "" : " on " + resources.getFirst();
  }

  private static boolean near(Instant boundary, Instant moment) {
    return Duration.between(boundary, moment).abs().compareTo(SKEW) < 0;
  }

  static DelegationUse use(DelegationVerdict verdict, Grant grant, String reason) {
    return new DelegationUse(
        verdict,
        grant.id(),
        grant.grantor(),
        scope(grant).map(Scope::inWords).orElse(List.of()),
        grant.expiresAt(),
        grant.grantedIn(),
        reason);
  }
}
