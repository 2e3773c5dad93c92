package dev.custody.attribute;

import dev.custody.attribute.KnownDelegations.Known;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegation.Bearer;
import dev.custody.delegation.Standing;
import dev.custody.delegation.Standings;
import dev.custody.delegation.Standings.Said;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an act stands to the delegations of the human it was done for. Calls to clouds are judged at
 * the provider's time, acts on the agent's machine at the collector's; within {@link Standing#SKEW}
 * of a boundary the verdict is {@code UNCERTAIN}. A pure function of the act and what is recorded
 * of the human's delegations.
 */
final class DelegationJudge {
  /**
   * How long before its record a grant is told of as one that came too late. Nothing that is
   * recorded changes the verdict of acts before that.
   */
  static final Duration TOLD_BEFORE = Duration.ofMinutes(5);

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

  /** When it counts as done. */
  static Instant moment(Attribution act) {
    return act.kind().equals("CloudCall") ? act.occurredAt() : act.observedAt();
  }

  static DelegationUse judge(Attribution act, KnownDelegations delegations) {
    Agent agent = act.best().agent();
    if (agent == null) {
      return act.kind().equals("DelegationGranted") ? granted(act, delegations) : act.delegation();
    }
    Instant moment = moment(act);
    String presented = act.best().delegation();
    List<Known> theirs = theirs(agent, presented, act.best().session(), delegations);
    Standings<Known> held = standings(theirs, moment);
    List<Known> inForce = held.inForce();
    if (!isAct(act)) {
      return inForce.isEmpty()
          ? Draft.NOT_JUDGED
          : use(
              DelegationVerdict.NOT_APPLICABLE,
              inForce.getFirst().grant(),
              "not an act that a delegation could allow");
    }
    if (presented != null) {
      DelegationUse misused = misused(act, agent, presented, delegations.get(presented));
      if (misused != null) {
        return misused;
      }
    }
    String action = act.action() == null ? "" : act.action();
    Said<Known> said = held.of(k -> k.judges(action), k -> allows(k, act, agent, action));
    Known known = said.delegation();
    return known == null
        ? none(act, theirs, moment)
        : use(said.verdict(), known.grant(), why(said.verdict(), known, act, agent, action));
  }

  /** Those that the act may stand under, newest first. */
  private static List<Known> theirs(
      Agent agent, @Nullable String presented, @Nullable String session, KnownDelegations all) {
    if (presented != null) {
      Known known = all.get(presented);
      return known == null ? List.of() : List.of(known);
    }
    SpiffeId id = SpiffeId.parse(agent.spiffeId());
    return all.newestFirst().stream()
        .filter(k -> k.delegate().covers(id))
        .filter(k -> k.grant().session() == null || k.grant().session().equals(session))
        .toList();
  }

  private static @Nullable DelegationUse misused(
      Attribution act, Agent agent, String presented, @Nullable Known known) {
    if (known == null
        || moment(act).plus(Standing.SKEW).compareTo(known.grant().observedAt()) <= 0) {
      return unknown(act, presented);
    }
    if (!bearer(agent).mayPresent(known.delegate())) {
      return use(
          DelegationVerdict.OUTSIDE,
          known.grant(),
          "%s is for %s, it was presented by %s"
              .formatted(presented, known.delegate(), bearer(agent)));
    }
    String bound = known.grant().session();
    String session = act.best().session();
    return bound == null || session == null || bound.equals(session)
        ? null
        : use(
            DelegationVerdict.OUTSIDE,
            known.grant(),
            "%s is for session %s, it was presented in %s".formatted(presented, bound, session));
  }

  private static DelegationUse unknown(Attribution act, String presented) {
    Human human = act.best().human();
    return new DelegationUse(
        DelegationVerdict.UNKNOWN,
        presented,
        null,
        List.of(),
        null,
        null,
        "%s was presented; no such delegation of %s was recorded before"
            .formatted(presented, human == null ? "an unknown human" : human.id()));
  }

  // The record of a grant says itself when it does not count.
  private static DelegationUse granted(Attribution event, KnownDelegations delegations) {
    String id = event.delegation().id();
    Known kept = id == null ? null : delegations.get(id);
    if (kept == null || !kept.contradicted() || kept.grant().grantedIn().equals(event.event())) {
      return event.delegation();
    }
    DelegationUse said = event.delegation();
    return new DelegationUse(
        said.verdict(),
        said.id(),
        said.grantor(),
        said.scope(),
        said.expiresAt(),
        said.grantedIn(),
        "does not count: %s was recorded first in event %s".formatted(id, kept.grant().grantedIn()),
        said.chain());
  }

  private static Standings<Known> standings(List<Known> delegations, Instant moment) {
    Standings<Known> held = new Standings<>();
    for (Known known : delegations) {
      Grant grant = known.grant();
      if (!moment.isBefore(grant.observedAt())) {
        Ending revoked = known.revoked();
        Instant revokedAt = revoked == null ? null : revoked.observedAt();
        held.add(Standing.at(moment, grant.notBefore(), known.end(), revokedAt), known);
      } else if (Standing.isNear(grant.observedAt(), moment)) {
        held.add(Standing.AT_A_BOUNDARY, known);
      }
      // Recorded only after the moment: nobody can allow what has been done already.
    }
    return held;
  }

  private static String why(
      DelegationVerdict verdict, Known known, Attribution act, Agent agent, String action) {
    Grant grant = known.grant();
    return switch (verdict) {
      case WITHIN -> "the scope allows " + action;
      case UNCERTAIN ->
          "within " + Standing.SKEW.toSeconds() + " s of the start or end of " + grant.id();
      case REVOKED -> revoked(known);
      case EXPIRED -> ended(known);
      case NOT_YET_VALID -> grant.id() + " begins at " + grant.notBefore();
      case NOT_APPLICABLE -> "the scope says nothing of " + family(action);
      default ->
          isFor(known, agent)
              ? "the scope does not allow " + action + on(act.resources())
              : grant.id() + " does not allow sub-agents";
    };
  }

  private static String ended(Known known) {
    String id = known.grant().id();
    return known.end().equals(known.sessionEnd())
        ? "%s ended with session %s at %s".formatted(id, known.grant().session(), known.end())
        : id + " ended at " + known.end();
  }

  private static String family(String action) {
    return action.substring(0, action.indexOf(':') + 1).toLowerCase(Locale.ROOT);
  }

  private static String revoked(Known known) {
    Ending revocation = known.revoked();
    Grant grant = known.grant();
    if (revocation == null) {
      throw new IllegalStateException(grant.id() + " stands as revoked without a revocation");
    }
    String what =
        grant.id().equals(revocation.delegation())
            ? grant.id()
            : grant.id() + " is handed on from " + revocation.delegation() + ", which";
    return "%s was revoked at %s%s"
        .formatted(
            what,
            revocation.observedAt(),
            revocation.reason().isEmpty() ? "" : ": " + revocation.reason());
  }

  // The oldest that came too late is told of, unless it came so much later that nothing is said.
  private static DelegationUse none(Attribution act, List<Known> theirs, Instant moment) {
    Human human = act.best().human();
    String reason =
        "no delegation: borrowed identity of " + (human == null ? "an unknown human" : human.id());
    return theirs.reversed().stream()
        .map(Known::grant)
        .filter(grant -> moment.isBefore(grant.observedAt()))
        .filter(grant -> !moment.plus(TOLD_BEFORE).isBefore(grant.observedAt()))
        .findFirst()
        .map(grant -> reason + "; " + grant.id() + " was granted only afterwards")
        .map(why -> Draft.use(DelegationVerdict.NONE, why))
        .orElseGet(() -> Draft.use(DelegationVerdict.NONE, reason));
  }

  private static boolean allows(Known known, Attribution act, Agent agent, String action) {
    return isFor(known, agent) && known.judges(action) && known.permits(action, act.resources());
  }

  private static boolean isFor(Known known, Agent agent) {
    return bearer(agent).mayActUnder(known.delegate(), known.grant().maxDepth());
  }

  private static Bearer bearer(Agent agent) {
    return new Bearer(SpiffeId.parse(agent.spiffeId()), agent.subAgent());
  }

  private static String on(List<String> resources) {
    return resources.isEmpty() ? "" : " on " + resources.getFirst();
  }

  static DelegationUse use(DelegationVerdict verdict, Grant grant, String reason) {
    return new DelegationUse(
        verdict,
        grant.id(),
        grant.grantor(),
        KnownDelegations.scope(grant).map(Scope::inWords).orElse(List.of()),
        grant.expiresAt(),
        grant.grantedIn(),
        reason,
        grant.chain());
  }
}
