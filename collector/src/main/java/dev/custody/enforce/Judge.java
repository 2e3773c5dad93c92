package dev.custody.enforce;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegation.Bearer;
import dev.custody.delegation.Standing;
import dev.custody.delegation.Standings;
import dev.custody.delegation.Standings.Said;
import dev.custody.delegations.Binding;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.RecordedDelegation;
import dev.custody.identity.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Judges one act as the stream will: the same scope, the same {@link Standings}. Only within {@link
 * Standing#SKEW}, where the stream says {@code UNCERTAIN}, it goes on to decide: by the collector's
 * own clock.
 */
final class Judge {
  private final DelegationBook book;

  Judge(DelegationBook book) {
    this.book = book;
  }

  /** Whose act it is. */
  record Doer(String human, Bearer bearer, String session) {}

  /** Each of {@code acts}, in order. */
  List<Judged> judge(List<Act> acts, Binding binding, Doer doer, Instant now) {
    String presented = binding.id();
    if (presented != null) {
      return acts.stream().map(act -> judge(act, presented, doer, now)).toList();
    }
    // Looked up once: a human may have granted much.
    Standings<RecordedDelegation> held =
        standings(book.grants(doer.human(), doer.bearer().agent(), doer.session()), now);
    return acts.stream().map(act -> judge(act, held, doer, now)).toList();
  }

  private Judged judge(Act act, String presented, Doer doer, Instant now) {
    RecordedDelegation known = book.find(presented);
    if (known == null || !known.delegation().grantor().equals(doer.human())) {
      return new Judged(
          act,
          DelegationVerdict.UNKNOWN,
          false,
          null,
          "no delegation %s of %s is recorded here".formatted(presented, doer.human()));
    }
    if (!known.isFor(doer.session())) {
      return new Judged(
          act,
          DelegationVerdict.OUTSIDE,
          false,
          known,
          "delegation %s is for session %s".formatted(presented, known.delegation().session()));
    }
    if (!doer.bearer().mayPresent(known.delegation().delegate())) {
      return new Judged(
          act,
          DelegationVerdict.OUTSIDE,
          false,
          known,
          "delegation %s is for %s, not for %s"
              .formatted(presented, known.delegation().delegate(), doer.bearer()));
    }
    return judge(act, standings(List.of(known), now), doer, now);
  }

  private static Standings<RecordedDelegation> standings(
      List<RecordedDelegation> grants, Instant now) {
    Standings<RecordedDelegation> held = new Standings<>();
    grants.forEach(grant -> held.add(standing(grant, now), grant));
    return held;
  }

  private static Judged judge(Act act, Standings<RecordedDelegation> held, Doer doer, Instant now) {
    Said<RecordedDelegation> said =
        held.of(grant -> grant.chain().judges(act.action()), grant -> allows(grant, act, doer));
    RecordedDelegation grant = said.delegation();
    if (grant == null) {
      return new Judged(
          act, said.verdict(), true, null, "no delegation: borrowed identity of " + doer.human());
    }
    return switch (said.verdict()) {
      case WITHIN ->
          new Judged(act, said.verdict(), true, grant, "the scope allows " + act.action());
      case UNCERTAIN -> uncertain(act, grant, doer, now);
      case NOT_APPLICABLE ->
          new Judged(
              act,
              said.verdict(),
              true,
              grant,
              "the scope says nothing of " + family(act.action()));
      default ->
          new Judged(act, said.verdict(), false, grant, why(said.verdict(), grant, act, doer));
    };
  }

  private static String family(String action) {
    return action.substring(0, action.indexOf(':') + 1).toLowerCase(Locale.ROOT);
  }

  private static String why(
      DelegationVerdict verdict, RecordedDelegation grant, Act act, Doer doer) {
    return switch (verdict) {
      case REVOKED -> "delegation %s was revoked at %s".formatted(grant.id(), grant.revokedAt());
      case EXPIRED -> "delegation %s ended at %s".formatted(grant.id(), grant.end());
      case NOT_YET_VALID ->
          "delegation %s begins at %s".formatted(grant.id(), grant.delegation().notBefore());
      default ->
          isFor(grant, doer)
              ? scopeSays(grant, act)
              : "delegation %s does not allow sub-agents".formatted(grant.id());
    };
  }

  private static Judged uncertain(Act act, RecordedDelegation grant, Doer doer, Instant now) {
    boolean judged = grant.chain().judges(act.action());
    boolean allowed = !judged || (grant.inForceAt(now) && allows(grant, act, doer));
    return new Judged(
        act,
        DelegationVerdict.UNCERTAIN,
        allowed,
        grant,
        "within %d s of the start or end of %s; by this collector's clock the act is %s"
            .formatted(Standing.SKEW.toSeconds(), grant.id(), allowed ? "allowed" : "not allowed"));
  }

  private static Standing standing(RecordedDelegation grant, Instant now) {
    Instant revoked = grant.revokedAt();
    boolean stillThere = revoked == null || now.isBefore(revoked.plus(Standing.SKEW));
    // A clock that was set back: what is recorded has begun all the same, or is about to.
    return stillThere && now.isBefore(grant.recordedAt())
        ? Standing.AT_A_BOUNDARY
        : Standing.at(now, grant.delegation().notBefore(), grant.end(), revoked);
  }

  private static boolean allows(RecordedDelegation grant, Act act, Doer doer) {
    return isFor(grant, doer)
        && grant.chain().judges(act.action())
        && grant.chain().hops().stream().allMatch(hop -> allows(hop.scope(), act));
  }

  private static boolean allows(Scope scope, Act act) {
    return act.complete()
        ? scope.permits(act.action(), act.resources())
        : allowsOnSomething(scope, act);
  }

  private static boolean isFor(RecordedDelegation grant, Doer doer) {
    return doer.bearer().mayActUnder(grant.delegation().delegate(), grant.delegation().maxDepth());
  }

  // Every pattern matches its own text: an action that a grant allows on anything is allowed on
  // that. What of the resources is known must be allowed as well.
  private static boolean allowsOnSomething(Scope scope, Act act) {
    boolean somewhere =
        scope.grants().stream()
            .anyMatch(g -> scope.permits(act.action(), List.of(g.resources().getFirst())));
    return somewhere && (act.resources().isEmpty() || scope.permits(act.action(), act.resources()));
  }

  private static Scope scope(RecordedDelegation grant) {
    return grant.delegation().scope();
  }

  private static String scopeSays(RecordedDelegation grant, Act act) {
    return "delegation %s of %s does not allow %s%s; it allows %s"
        .formatted(
            grant.id(),
            grant.delegation().grantor(),
            act.action(),
            act.resources().isEmpty() ? "" : " on " + act.resources().getFirst(),
            String.join("; ", scope(grant).inWords()));
  }
}
