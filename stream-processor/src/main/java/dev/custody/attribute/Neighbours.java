package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Events beside one another that the same call of a session would explain: what one command does
 * goes out from one address, and it does once what it names once. Where there is more, somebody
 * else did some of it, with a copy of what the session knew; which of it, nothing tells.
 *
 * <p>A question is asked of each pair of events, and has the same answer for both.
 */
final class Neighbours {
  /** Events further apart are not compared. */
  static final Duration REACH = Duration.ofSeconds(30);

  private static final String COPIED =
      "within the same call it was used once more, from elsewhere or for the same: the command"
          + " explains one of the two";

  private Neighbours() {}

  /** Whether {@code scored} rests on what can be copied, and a neighbour may speak against it. */
  static boolean mayDoubt(Scored scored) {
    return scored.inside()
        && scored.candidate().grade().compareTo(Grade.CORROBORATED) <= 0
        && switch (scored.basis()) {
          case SHOWN, TAGGED -> true;
          case ISSUED, NAMED, PRINCIPAL, REPOSITORY, COMMIT, GRANT -> false;
        };
  }

  /** Whether what is said of {@code candidate} is in doubt because of another event. */
  static boolean isDoubted(Candidate candidate) {
    return candidate.reasons().contains(COPIED);
  }

  /**
   * What each of {@code claims} says of {@code question}: no more than inferred where it explains
   * one of {@code others} as well, and both are more than its call did.
   */
  static List<Scored> doubted(List<Claim> claims, Question question, List<Ask> others) {
    return claims.stream().map(claim -> doubted(claim, question, others)).toList();
  }

  private static Scored doubted(Claim claim, Question question, List<Ask> others) {
    Scored scored = Objects.requireNonNull(Scoring.score(claim, question, List.of()));
    if (others.stream().noneMatch(other -> areTooMany(claim, question, other.question()))) {
      return scored;
    }
    Candidate c = scored.candidate();
    List<String> reasons = new ArrayList<>(c.reasons());
    reasons.add(COPIED);
    return scored.with(c.graded(Grade.INFERRED, reasons));
  }

  /** Whether {@code one} and {@code other} are more than {@code claim} can explain. */
  static boolean areTooMany(Claim claim, Question one, Question other) {
    return areNear(one, other)
        && (areElsewhere(one, other) || areTheSame(claim, one, other))
        && isExplained(claim, one)
        && isExplained(claim, other);
  }

  private static boolean areNear(Question one, Question other) {
    return Duration.between(one.occurredAt(), other.occurredAt()).abs().compareTo(REACH) <= 0;
  }

  private static boolean isExplained(Claim claim, Question question) {
    Scored scored = Scoring.score(claim, question, List.of());
    return scored != null && mayDoubt(scored);
  }

  // Of an IPv4 and an IPv6 address one machine has both.
  private static boolean areElsewhere(Question one, Question other) {
    String a = one.first(IdentifierKind.SOURCE_ADDRESS);
    String b = other.first(IdentifierKind.SOURCE_ADDRESS);
    return a != null
        && b != null
        && Scoring.isAddress(a)
        && Scoring.isAddress(b)
        && (a.indexOf(':') < 0) == (b.indexOf(':') < 0)
        && !a.equals(b);
  }

  private static boolean areTheSame(Claim claim, Question one, Question other) {
    return one.action() != null
        && one.action().equals(other.action())
        && one.resources().equals(other.resources())
        && Agreement.of(claim.mentions(), one).strong()
        && Agreement.of(claim.mentions(), other).strong();
  }
}
