package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of other sessions that ran as the user of a credential's holder, at the moment when it was
 * used. The issuer says whose it is; another process of the same user can take it from memory or
 * files unseen. Where none ran there was nobody else; where one ran, and the holder's command does
 * not tell what was done, whose use it was is anybody's guess.
 */
final class Neighbours {
  private final List<Scored> beside;

  /** Those that said something of the event; whose they are is not known yet. */
  Neighbours(List<Scored> beside) {
    this.beside = List.copyOf(beside);
  }

  /**
   * {@code scored} with what neighbours make of it: a holder of whose command no more than service
   * or program agrees is at most inferred beside a neighbour whose command runs no other client,
   * and one of whose command nothing agrees is not believed. Such neighbours are rivals.
   */
  List<Scored> doubt(List<Scored> scored) {
    List<Scored> all = new ArrayList<>();
    for (Scored one : scored) {
      List<Scored> rivals = rivals(one, scored);
      all.add(rivals.isEmpty() ? one : doubted(one));
      all.addAll(rivals);
    }
    return all;
  }

  private List<Scored> rivals(Scored holder, List<Scored> all) {
    boolean doubtful =
        holder.basis() == Basis.ISSUED
            && holder.candidate().grade() != Grade.UNATTRIBUTED
            && holder.candidate().grade() != Grade.PROVEN
            && holder.mention() < Agreement.OPERATION
            && !isTagged(holder, all);
    return doubtful
        ? beside.stream().filter(other -> !isSame(other, holder) && mayBe(other, holder)).toList()
        : List.of();
  }

  // Both run by one clock: which was nearer is the same however wrong it is.
  private static boolean mayBe(Scored other, Scored holder) {
    boolean ran =
        other.inside() || (!holder.inside() && other.distanceMillis() < holder.distanceMillis());
    return ran && (holder.mention() <= 0 || other.mention() >= 0);
  }

  /** Its own tag went along, which another one's process does not have. */
  private static boolean isTagged(Scored holder, List<Scored> all) {
    return all.stream()
        .anyMatch(other ->
            other.basis() == Basis.TAGGED
                && other.candidate().grade() != Grade.UNATTRIBUTED
                && isSame(other, holder));
  }

  private static Scored doubted(Scored holder) {
    Candidate c = holder.candidate();
    boolean fits = holder.mention() > 0;
    String because =
        fits
            ? "a call of another session of the same user fits as well"
            : "a call of another session of the same user ran as well, and nothing that the command"
                + " names agrees";
    return holder.with(
        c.graded(
            fits ? Grade.INFERRED : Grade.UNATTRIBUTED,
            Ranking.plus(c.reasons(), List.of(because))));
  }

  private static boolean isSame(Scored a, Scored b) {
    return Ranking.who(a.candidate()).equals(Ranking.who(b.candidate()));
  }
}
