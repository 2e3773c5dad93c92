package dev.custody.attribute;

import dev.custody.admission.VerifiedEvent;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.attribution.IssuedCredential;
import dev.custody.attribution.Position;
import dev.custody.attribution.RuleHits;
import dev.custody.digest.Bytes;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.IdentifierKind;
import dev.custody.identity.AgentStatement;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event says of itself, before anything is joined to it. */
public final class Draft {
  /** A delegation that was not judged yet, or cannot be. */
  static final DelegationUse NOT_JUDGED =
      use(DelegationVerdict.NOT_APPLICABLE, "not an act of an agent");

  /**
   * Derived records carry references and short extracts: none may grow beyond what a topic takes.
   */
  private static final int MAX_LISTED = 64;

  private static final int MAX_CHARS = 512;

  private Draft() {}

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS - 1) + "…";
  }

  /** The first attribution of {@code verified}: the agent that reported it, or nobody. */
  public static Attribution of(VerifiedEvent verified, Position position, RuleHits hits) {
    Event event = verified.event();
    Candidate best = candidate(event);
    return new Attribution(
        event.id(),
        0,
        event.body().name(),
        event.occurredAt(),
        event.observedAt(),
        position,
        event.source(),
        event.host().name(),
        event.action(),
        resources(event).stream().limit(MAX_LISTED).map(Draft::cut).toList(),
        event.outcome(),
        event.outcomeReason() == null ? null : cut(event.outcomeReason()),
        event.identifiers().stream()
            .limit(MAX_LISTED)
            .filter(i -> i.value().length() <= MAX_CHARS)
            .toList(),
        event.redactions().size(),
        Extract.of(event),
        best,
        humanGrade(best.human()),
        List.of(),
        0,
        NOT_JUDGED,
        hits.rules(),
        hits.fields(),
        issued(event),
        event.body() instanceof Body.CloudCall call ? cutOrNull(call.account()) : null);
  }

  /**
   * The attribution of the event that recorded {@code grant}: its signature proves who granted it.
   */
  public static Attribution ofGrant(
      VerifiedEvent verified, Position position, RuleHits hits, Grant grant) {
    Attribution a = of(verified, position, hits);
    Human grantor = new Human(grant.grantor(), HumanBasis.SIGNED_DELEGATION, null, null);
    Candidate best =
        new Candidate(
            null,
            grantor,
            grant.session(),
            null,
            null,
            grant.id(),
            Grade.PROVEN,
            List.of(signedBy(grant)),
            List.of(a.event()),
            null);
    String reason =
        "to " + grant.delegate() + ", from " + grant.notBefore() + " until " + grant.expiresAt();
    return with(
        a,
        0,
        best,
        Grade.PROVEN,
        List.of(),
        0,
        DelegationJudge.use(DelegationVerdict.NOT_APPLICABLE, grant, reason));
  }

  private static String signedBy(Grant grant) {
    return grant.isHop()
        ? "handed on by the collector %s under a grant signed with the key of %s; the root vouches for both"
            .formatted(grant.signer(), grant.grantor())
        : "signed with the key of " + grant.grantor() + ", which the root vouches for";
  }

  /**
   * The attribution of the event that recorded the revocation {@code ending}: its signature proves
   * who revoked.
   */
  public static Attribution ofRevocation(
      VerifiedEvent verified, Position position, RuleHits hits, Ending ending) {
    Attribution a = of(verified, position, hits);
    Candidate best =
        new Candidate(
            null,
            new Human(ending.grantor(), HumanBasis.SIGNED_DELEGATION, null, null),
            null,
            null,
            null,
            ending.delegation(),
            Grade.PROVEN,
            List.of("signed with the key of " + ending.grantor() + ", which the root vouches for"),
            List.of(a.event()),
            null);
    DelegationUse use =
        new DelegationUse(
            DelegationVerdict.NOT_APPLICABLE,
            ending.delegation(),
            ending.grantor(),
            List.of(),
            null,
            null,
            ending.reason().isEmpty() ? "revokes" : "revokes: " + cut(ending.reason()));
    return with(a, 0, best, Grade.PROVEN, List.of(), 0, use);
  }

  /**
   * The attribution of the event that recorded {@code statement}: its signature proves who made it.
   */
  public static Attribution ofStatement(
      VerifiedEvent verified, Position position, RuleHits hits, AgentStatement statement) {
    Attribution a = of(verified, position, hits);
    Human human = new Human(statement.human(), HumanBasis.SIGNED_DELEGATION, null, null);
    List<String> why =
        List.of("signed with the key of " + human.id() + ", which the root vouches for");
    return with(a, human, Grade.PROVEN, why, List.of(a.event()));
  }

  /** The attribution of an event whose signed statement does not verify: it says nothing. */
  public static Attribution ofUnverified(
      VerifiedEvent verified, Position position, RuleHits hits, String why) {
    Attribution a = of(verified, position, hits);
    return with(a, null, Grade.UNATTRIBUTED, List.of(cut("does not count: " + why)), List.of());
  }

  private static Attribution with(
      Attribution a,
      @Nullable Human human,
      Grade grade,
      List<String> reasons,
      List<EventId> evidence) {
    Candidate best =
        new Candidate(
            null, human, null, null, null, null, grade, reasons, evidence, a.best().project());
    return with(a, 0, best, humanGrade(human), List.of(), 0, NOT_JUDGED);
  }

  /** What it touches; of a chain's first event, the collector that the chain's key belongs to. */
  private static List<String> resources(Event event) {
    if (event.body() instanceof Body.Genesis genesis) {
      try {
        Bytes certificate =
            Formats.SIGNED_CERTIFICATE.decode(genesis.certificate().toByteArray()).certificate();
        return List.of(Formats.CERTIFICATE.decode(certificate.toByteArray()).subject());
      } catch (WireException e) {
        // Admission has read it to find the chain's key; should that ever change, it names nobody.
        return event.resources();
      }
    }
    return event.resources();
  }

  private static @Nullable IssuedCredential issued(Event event) {
    return switch (event.body()) {
      case Body.CredentialIssued i ->
          new IssuedCredential(
              i.credential(), i.parent(), cut(i.issuer()), cutOrNull(i.authority()), i.expiresAt());
      case Body.CloudCall call when call.issuedCredential() != null ->
          new IssuedCredential(
              call.issuedCredential(),
              event.identifiers().stream()
                  .filter(i -> i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID)
                  .findFirst()
                  .orElse(null),
              call.provider(),
              event.resources().isEmpty() ? null : cut(event.resources().getFirst()),
              call.issuedUntil());
      default -> null;
    };
  }

  private static @Nullable String cutOrNull(@Nullable String text) {
    return text == null ? null : cut(text);
  }

  private static Candidate candidate(Event event) {
    Actor actor = event.actor();
    if (actor.agent() == null) {
      String reason =
          event.source().kind().equals("custody")
              ? "recorded by the collector itself"
              : "nobody claimed it";
      return new Candidate(
          null,
          actor.human(),
          event.session(),
          event.prompt(),
          event.toolCall(),
          event.delegation(),
          Grade.UNATTRIBUTED,
          List.of(reason),
          List.of(),
          event.project() == null ? null : cut(event.project()));
    }
    // What only the agent's own machine says is never more than corroborated.
    return new Candidate(
        actor.agent(),
        actor.human(),
        event.session(),
        event.prompt(),
        event.toolCall(),
        event.delegation(),
        Grade.CORROBORATED,
        List.of(
            (event.source().kind().equals("custody")
                    ? "recorded by the collector on "
                    : "reported by " + actor.agent().product() + " itself to the collector on ")
                + event.host().name()),
        List.of(event.id()),
        event.project() == null ? null : cut(event.project()));
  }

  /** How well a human is known by the way they became known. */
  static Grade humanGrade(@Nullable Human human) {
    if (human == null) {
      return Grade.UNATTRIBUTED;
    }
    return switch (human.basis()) {
      case SIGNED_DELEGATION -> Grade.PROVEN;
      case AGENT_ACCOUNT -> Grade.CORROBORATED;
      case GIT_EMAIL, OS_USER, PROVIDER_RECORD -> Grade.INFERRED;
      case UNKNOWN -> Grade.UNATTRIBUTED;
    };
  }

  static DelegationUse use(DelegationVerdict verdict, String reason) {
    return new DelegationUse(verdict, null, null, List.of(), null, null, reason);
  }

  /** The same, said as {@code revision}. */
  public static Attribution at(Attribution a, long revision) {
    return with(a, revision, a.best(), a.humanGrade(), a.rivals(), a.moreRivals(), a.delegation());
  }

  /** {@code a} with who did it. */
  public static Attribution with(
      Attribution a,
      long revision,
      Candidate best,
      Grade humanGrade,
      List<Candidate> rivals,
      int more,
      DelegationUse delegation) {
    return new Attribution(
        a.event(),
        revision,
        a.kind(),
        a.occurredAt(),
        a.observedAt(),
        a.position(),
        a.source(),
        a.host(),
        a.action(),
        a.resources(),
        a.outcome(),
        a.outcomeReason(),
        a.identifiers(),
        a.redactions(),
        a.extract(),
        best,
        humanGrade,
        rivals,
        more,
        delegation,
        a.hits(),
        a.fields(),
        a.issued(),
        a.account());
  }
}
