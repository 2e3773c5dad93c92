package dev.custody.campaign;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier must say of a mutation, declared before it is asked.
 *
 * @param names verdicts of which the first finding has one; none when nothing can be seen
 * @param first where the first finding must be, null where the operator does not say
 * @param saying what its words must hold, empty where the operator does not say
 * @param or what it may say instead, null for nothing else
 */
record Expected(Set<String> names, @Nullable Spot first, String saying, @Nullable Expected or) {
  Expected {
    names = Set.copyOf(names);
  }

  /** One of these verdicts, at exactly that record. */
  static Expected at(Spot spot, String... names) {
    return new Expected(Set.of(names), spot, "", null);
  }

  /** One of these verdicts. */
  static Expected of(String... names) {
    return new Expected(Set.of(names), null, "", null);
  }

  /** That verdict, for that reason. */
  static Expected because(String saying, String name) {
    return new Expected(Set.of(name), null, saying, null);
  }

  /** By this evidence nobody can tell, so nothing may be said. */
  static Expected nothing() {
    return new Expected(Set.of(), null, "", null);
  }

  /** The same, or {@code other}. */
  Expected or(Expected other) {
    return new Expected(names, first, saying, other);
  }

  /** What a judgement is, held against this. */
  Outcome against(Judgement judgement) {
    Outcome outcome = alone(judgement);
    return or != null && !outcome.good() && or.against(judgement).good()
        ? Outcome.AS_DECLARED
        : outcome;
  }

  private Outcome alone(Judgement judgement) {
    Optional<Finding> found = judgement.first();
    if (names.isEmpty()) {
      return found.isEmpty() ? Outcome.AS_DECLARED : Outcome.OTHER_VERDICT;
    }
    if (found.isEmpty()) {
      return Outcome.UNDETECTED;
    }
    if (!names.contains(found.get().name()) || !found.get().detail().contains(saying)) {
      return Outcome.OTHER_VERDICT;
    }
    return first == null || first.equals(found.get().spot())
        ? Outcome.AS_DECLARED
        : Outcome.OTHER_PLACE;
  }
}
