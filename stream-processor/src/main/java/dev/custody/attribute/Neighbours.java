package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

  private static final String ELSEWHERE = "within the same call it was used from ";
  private static final String TWICE = "within the same call it was done again at ";

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
    return candidate.reasons().stream()
        .anyMatch(reason -> reason.startsWith(ELSEWHERE) || reason.startsWith(TWICE));
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
    Optional<Question> contradicts =
        others.stream()
            .map(Ask::question)
            .filter(other -> areTooMany(claim, question, other))
            .min(Comparator.comparing(Question::occurredAt).thenComparing(Question::event));
    if (contradicts.isEmpty()) {
      return scored;
    }
    Candidate c = scored.candidate();
    List<String> reasons = new ArrayList<>(c.reasons());
    reasons.add(because(question, contradicts.get()));
    return scored.with(c.graded(Grade.INFERRED, reasons));
  }

  private static String because(Question question, Question other) {
    return areElsewhere(question, other)
        ? ELSEWHERE + other.first(IdentifierKind.SOURCE_ADDRESS) + " too, at " + other.occurredAt()
        : TWICE + other.occurredAt() + ", and its command names it once";
  }

  /** Whether {@code one} and {@code other} are more than one of {@code claims} can explain. */
  static boolean areTooMany(List<Claim> claims, Question one, Question other) {
    return claims.stream().anyMatch(claim -> areTooMany(claim, one, other));
  }

  private static boolean areTooMany(Claim claim, Question one, Question other) {
    return (areElsewhere(one, other) || areTheSame(claim, one, other))
        && isExplained(claim, one)
        && isExplained(claim, other);
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
