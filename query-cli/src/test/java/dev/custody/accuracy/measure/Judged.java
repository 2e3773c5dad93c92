package dev.custody.accuracy.measure;

import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One act and what was said of it.
 *
 * @param answer null when no event tells of it
 */
public record Judged(Truth truth, @Nullable Attribution answer, Verdict verdict) {
  /** How an answer stands to the truth. */
  public enum Verdict {
    /** It names who did it; a tool call, where it names one, is the one, or one of those shown. */
    RIGHT,
    /** It names the right session, and a wrong tool call. */
    OTHER_CALL,
    /** It names somebody who did not do it. */
    WRONG,
    /** It names nobody. */
    SILENT,
    /** No event tells of it. */
    NO_EVENT
  }

  /** Judges {@code answer}. */
  public static Judged of(Truth truth, Optional<Attribution> answer) {
    return new Judged(
        truth, answer.orElse(null), answer.map(a -> verdict(truth, a)).orElse(Verdict.NO_EVENT));
  }

  private static Verdict verdict(Truth truth, Attribution answer) {
    Candidate best = answer.best();
    if (best.grade() == Grade.UNATTRIBUTED) {
      return Verdict.SILENT;
    }
    return switch (truth.actor()) {
      case Actor.AgentCall agent -> agent(agent, best);
      case Actor.ByHand human ->
          best.session() == null && isHuman(best, human.email()) ? Verdict.RIGHT : Verdict.WRONG;
      case Actor.Other _ -> Verdict.WRONG;
    };
  }

  private static Verdict agent(Actor.AgentCall agent, Candidate best) {
    if (best.session() == null) { // "Jane did it" says nothing of the agent.
      return isHuman(best, agent.human()) ? Verdict.SILENT : Verdict.WRONG;
    }
    if (!best.session().equals(agent.session())) {
      return Verdict.WRONG;
    }
    String call = best.toolCall();
    boolean shown =
        call == null
            || call.equals(agent.toolCall())
            || best.reasons().stream().anyMatch(r -> r.contains(agent.toolCall()));
    return shown ? Verdict.RIGHT : Verdict.OTHER_CALL;
  }

  private static boolean isHuman(Candidate candidate, String email) {
    return candidate.human() != null && candidate.human().id().equals(email);
  }

  /** How surely; {@code UNATTRIBUTED} where nothing was said. */
  public Grade grade() {
    return answer == null ? Grade.UNATTRIBUTED : answer.best().grade();
  }

  /** Whether somebody was named. */
  public boolean named() {
    return verdict != Verdict.SILENT && verdict != Verdict.NO_EVENT;
  }

  /** Whether others are shown beside the one who is named. */
  public boolean hasRivals() {
    return answer != null && !(answer.rivals().isEmpty() && answer.moreRivals() == 0);
  }

  /** Whether the one who did it is shown as a rival. */
  public boolean isAmongRivals() {
    return answer != null
        && truth.actor() instanceof Actor.AgentCall agent
        && answer.rivals().stream().anyMatch(r -> agent.session().equals(r.session()));
  }

  /** Somebody who did not do it is named, surely and alone. */
  public boolean accusesTheInnocent() {
    return verdict == Verdict.WRONG && grade() != Grade.INFERRED && !hasRivals();
  }
}
