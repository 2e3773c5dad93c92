package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one claim says of one event of the world: a grade, from how many independent observations
 * agree. The identifier is one, the time within a tool call another, what the command and the
 * record name a third.
 *
 * <p>{@code UNATTRIBUTED} is a grade here too: somebody who knew the identifier and is not believed
 * to have used it. Such a candidate never is the answer; it is shown as a rival.
 */
final class Scoring {
  /** Clouds tell whole seconds, rounded down, and clocks differ by about a second. */
  static final Duration BEFORE = Duration.ofSeconds(2);

  /** How much clocks may be ahead. */
  static final Duration AFTER = Duration.ofSeconds(1);

  /** How far clocks of one organisation are often apart. */
  static final Duration SKEW = Duration.ofSeconds(10);

  /** How long after a call a reference that it moved may be seen to have moved. */
  private static final Duration WATCHED = Duration.ofSeconds(5);

  /** How the reason of a claim that is bound to a call begins. */
  private static final String WITHIN = "the time lies within";

  /** How the reason of one begins that only comes near its call. */
  static final String NEAR = "the time lies near tool call ";

  /** How the reason of one ends whose call may have been over. */
  static final String STILL = ", of which no end was seen, may have run still";

  private static final int FULL_COMMIT = 40;
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");

  private final Claim claim;
  private final Question question;
  private final Agreement agreement;
  private final boolean inside;
  private final boolean bound;
  private final List<Concern> concerns;

  private Scoring(Claim claim, Question question) {
    this.claim = claim;
    this.question = question;
    this.agreement = Agreement.of(claim.mentions(), question);
    this.bound = claim.callStart() != null;
    this.inside = isInside(claim, question.occurredAt());
    this.concerns = new ArrayList<>(claim.candidate().concerns());
  }

  /**
   * What {@code claim}, which covers the moment, says of {@code question}; null when it says
   * nothing.
   *
   * @param moved when references were seen to move to the commit that is asked about
   */
  static @Nullable Scored score(Claim claim, Question question, List<Instant> moved) {
    if (!fits(claim, question)) {
      return null;
    }
    Scoring scoring = new Scoring(claim, question);
    return switch (claim.basis()) {
      case ISSUED -> scoring.issued();
      case SHOWN -> scoring.shown();
      case NAMED -> scoring.named();
      case TAGGED -> scoring.tagged();
      case PRINCIPAL -> scoring.principal();
      case REPOSITORY -> scoring.repository();
      case COMMIT -> scoring.commit(moved);
      case GRANT -> scoring.scored(Grade.UNATTRIBUTED, null);
      case SAME_USER -> scoring.beside();
    };
  }

  /**
   * Whether a call outside of which something was done may be the one that did it, though others
   * know the identifier as well: clocks are off by seconds and it names the operation, or by
   * minutes and it names the resource too.
   */
  static boolean isClose(int points, long distanceMillis) {
    return points >= Agreement.RESOURCE + Agreement.OPERATION
        || (points >= Agreement.OPERATION && distanceMillis <= SKEW.toMillis());
  }

  /** Whether {@code text} is an address, and not the name of one of the provider's services. */
  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  private static boolean isInside(Claim claim, Instant moment) {
    Instant from = claim.callStart();
    Instant to = claim.callEnd();
    // The claim itself ends where a call of which no end was seen is no longer believed to run.
    return from != null
        && !moment.isBefore(from.minus(BEFORE))
        && (to == null || !moment.isAfter(to.plus(AFTER)));
  }

  /**
   * Whether a claim is about this event at all: a token is less than the identifier that it stands
   * for, and no event may support itself.
   */
  private static boolean fits(Claim claim, Question question) {
    if (claim.candidate().evidence().contains(question.event())) {
      return false;
    }
    String reported = claim.reported();
    return reported == null
        || question.identifiers().stream()
            .filter(i -> Token.isAsked(i.kind()) && Token.of(i).equals(claim.token()))
            .anyMatch(i -> agrees(i, reported));
  }

  private static boolean agrees(Identifier identifier, String reported) {
    return switch (identifier.kind()) {
      case GIT_COMMIT -> identifier.value().startsWith(reported);
      case AWS_ROLE_SESSION ->
          reported.indexOf('/') < 0
              ? identifier
                  .value()
                  .substring(identifier.value().lastIndexOf('/') + 1)
                  .equals(reported)
              : identifier.value().equals(reported);
      default -> identifier.value().equals(reported);
    };
  }

  private Scored issued() {
    if (isHandedOut()) {
      return scored(
          bound ? Grade.UNATTRIBUTED : Grade.PROVEN,
          "the provider's record of the issue and the broker's name the same credential");
    }
    String asked = claim.address();
    String used = question.first(IdentifierKind.SOURCE_ADDRESS);
    if (asked != null
        && used != null
        && isAddress(used)
        && isAddress(asked)
        && !asked.equals(used)) {
      concerns.add(Concern.OTHER_ADDRESS);
      return scored(
          Grade.UNATTRIBUTED, "it was asked for from " + asked + " and used from " + used);
    }
    if (hasForeignTag()) {
      concerns.add(Concern.CONFLICTING_TAG);
      return scored(Grade.INFERRED, "the record carries another session's tag");
    }
    if (inside) {
      Scored within = claim.callEnd() == null ? perhapsWithin() : within();
      return agreement.strong() ? within : within.with(within.candidate().during(null));
    }
    if (!bound && concerns.isEmpty()) {
      concerns.add(Concern.NO_TOOL_CALL);
    }
    return bound ? near() : scored(Grade.INFERRED, null);
  }

  /**
   * The issuer proves whose credential it is. That its holder used it, and not another process of
   * the same user that took it, only what the command and the record agree on can tell. So it is
   * with role chaining too: what descends is not known better than the call that handed it out.
   */
  private Scored within() {
    if (agreement.strong()) {
      return isPerhapsHeld() ? perhapsHeld() : scored(most(), null);
    }
    return agreement.any()
        ? scored(Grade.CORROBORATED, null)
        : scored(Grade.INFERRED, "nothing that the command names agrees");
  }

  /** A call that may have been over long before is no second observation. */
  private Scored perhapsWithin() {
    Grade grade = agreement.strong() ? Grade.CORROBORATED : Grade.INFERRED;
    return scored(grade, "tool call " + claim.candidate().toolCall() + STILL);
  }

  /** It descends from what it may have been, or another of the same user. */
  private boolean isPerhapsHeld() {
    return most() == Grade.UNATTRIBUTED;
  }

  private Scored perhapsHeld() {
    Scored scored = scored(Grade.UNATTRIBUTED, null);
    return scored.with(scored.candidate().graded(Grade.INFERRED, scored.candidate().reasons()));
  }

  private Grade most() {
    return claim.candidate().grade();
  }

  private boolean isHandedOut() {
    return question.issued() != null && Token.of(question.issued()).equals(claim.token());
  }

  private Scored shown() {
    if (!bound || Agreement.isNoProgram(question.userAgent())) {
      return scored(Grade.UNATTRIBUTED, null);
    }
    if (hasForeignTag()) {
      concerns.add(Concern.CONFLICTING_TAG);
      return scored(
          inside && agreement.any() ? Grade.INFERRED : Grade.UNATTRIBUTED,
          "the record carries another session's tag");
    }
    if (!inside) {
      boolean close = isClose(agreement.points(), distance());
      return close || (agreement.strong() && !isName()) ? near() : scored(Grade.UNATTRIBUTED, null);
    }
    if (!agreement.any()) {
      return scored(Grade.UNATTRIBUTED, "nothing that the command names agrees");
    }
    if (isUntagged()) {
      return scored(Grade.INFERRED, "the record lacks the tag of the session");
    }
    // Many may share the name of a role session; a key is somebody's.
    boolean shared = isName() && !agreement.strong();
    return scored(shared ? Grade.INFERRED : claim.candidate().grade(), null);
  }

  private @Nullable Scored named() {
    if (hasForeignTag() || Agreement.isNoProgram(question.userAgent())) {
      return null;
    }
    if (inside) {
      return agreement.any() || isInCommand()
          ? scored(Grade.INFERRED, null)
          : scored(Grade.UNATTRIBUTED, "nothing that the command names agrees");
    }
    return agreement.strong() ? near() : null;
  }

  /** The identifier is in the very command that ran. */
  private boolean isInCommand() {
    String value = claim.token().substring(claim.token().indexOf(':') + 1);
    return claim.mentions().contains(value.toLowerCase(Locale.ROOT));
  }

  private Scored tagged() {
    if (Token.is(claim.token(), IdentifierKind.GIT_AI_SESSION)) {
      return scored(Grade.INFERRED, null);
    }
    boolean commit = question.kind().equals("CommitCreated");
    if (inside && agreement.strong() && !commit) {
      return scored(claim.candidate().grade(), null);
    }
    if (!bound) {
      concerns.add(Concern.NO_TOOL_CALL);
    }
    return bound && !inside ? near() : scored(Grade.INFERRED, null);
  }

  private @Nullable Scored principal() {
    return inside
            && agreement.any()
            && !isUntagged()
            && !hasForeignTag()
            && !Agreement.isNoProgram(question.userAgent())
        ? scored(Grade.INFERRED, null)
        : null;
  }

  private @Nullable Scored repository() {
    return inside && agreement.strong() && !hasForeignTag() ? scored(Grade.INFERRED, null) : null;
  }

  private Scored commit(List<Instant> moved) {
    String reported = claim.reported();
    Instant from = claim.callStart();
    Instant to = claim.callEnd();
    boolean seen =
        from != null
            && to != null
            && moved.stream()
                .anyMatch(at -> !at.isBefore(from.minus(BEFORE)) && !at.isAfter(to.plus(WATCHED)));
    return reported != null && reported.length() >= FULL_COMMIT && seen
        ? scored(Grade.PROVEN, "a reference was seen moving to it within the call")
        : scored(claim.candidate().grade(), null);
  }

  /**
   * Another call of the same user: it could reach the credential, whatever it says. One that went
   * to the background says for an hour that it may run, which is no observation.
   */
  private @Nullable Scored beside() {
    boolean close = inside || distance() <= SKEW.toMillis();
    return claim.callEnd() != null && close && !Agreement.isNoProgram(question.userAgent())
        ? scored(Grade.UNATTRIBUTED, null)
        : null;
  }

  private boolean isName() {
    return claim.token().startsWith(Token.NAME);
  }

  /** The record carries a tag, and it is not this session's. */
  private boolean hasForeignTag() {
    String sent = question.first(IdentifierKind.SESSION_TAG);
    return sent != null && !sent.equals(claim.tag());
  }

  /** The session has a tag, its client would have sent it, and the record has none. */
  private boolean isUntagged() {
    return claim.tag() != null
        && question.first(IdentifierKind.SESSION_TAG) == null
        && Agreement.wouldCarryTag(question.userAgent());
  }

  // Clocks may be wrong by minutes, and what runs in the background outlives its call: the session
  // is named, and no call.
  private Scored near() {
    String call = claim.candidate().toolCall();
    Scored scored = scored(Grade.INFERRED, NEAR + call + ", not within it");
    return scored.with(
        scored
            .candidate()
            .during(null)
            .because(
                scored.candidate().reasons().stream().filter(r -> !r.startsWith(WITHIN)).toList()));
  }

  private Scored scored(Grade grade, @Nullable String further) {
    List<String> reasons = new ArrayList<>(claim.candidate().reasons());
    if (further != null) {
      reasons.add(further);
    }
    if (!agreement.named().isEmpty()) {
      reasons.add("its command names " + String.join(", ", agreement.named()));
    }
    Grade most = claim.candidate().grade();
    Candidate who =
        claim
            .candidate()
            .graded(grade.compareTo(most) < 0 && !mayExceed() ? most : grade, reasons)
            .concerned(concerns);
    return new Scored(who, claim.basis(), agreement.points(), inside, distance());
  }

  // What the provider's own record adds is not in the claim.
  private boolean mayExceed() {
    return claim.basis() == Basis.COMMIT || (claim.basis() == Basis.ISSUED && isHandedOut());
  }

  // Spans are as wide as clouds' whole seconds and clocks' skew demand: within one, nothing is
  // nearer than anything else.
  private long distance() {
    Instant from = claim.callStart();
    Instant to = claim.callEnd();
    if (inside) {
      return 0;
    }
    if (from == null) {
      return Duration.between(claim.start(), question.occurredAt()).abs().toMillis();
    }
    return to == null || question.occurredAt().isBefore(from)
        ? Duration.between(question.occurredAt(), from).toMillis()
        : Duration.between(to, question.occurredAt()).toMillis();
  }
}
