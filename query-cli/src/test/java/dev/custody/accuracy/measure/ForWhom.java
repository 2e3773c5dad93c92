package dev.custody.accuracy.measure;

import dev.custody.accuracy.measure.Judged.Verdict;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Granted;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For whom, and under whose delegation, agents acted whose session is rightly named: what was said,
 * against the truth.
 */
public final class ForWhom {
  /** So near to a grant clocks may differ about whether it was there. */
  private static final Duration NEAR = Duration.ofMinutes(5);

  /** How often something was said, and how often rightly. */
  private static final class Count {
    private int said;
    private int right;
  }

  private final Map<HumanBasis, Count> humans = new EnumMap<>(HumanBasis.class);
  private final Count under = new Count();
  private int silent;
  private final Count underNone = new Count();

  private ForWhom() {}

  /**
   * Counts the acts of {@code measured}.
   *
   * @param accounts names of the operating-system users of each human, by address
   * @param granted all that humans signed
   */
  public static ForWhom of(
      Measurement measured, Map<String, Set<String>> accounts, List<Granted> granted) {
    ForWhom counts = new ForWhom();
    for (Judged each : measured.all()) {
      Attribution answer = each.answer();
      if (answer != null
          && each.truth().kind() != Truth.Kind.CREDENTIAL_USE
          && each.truth().actor() instanceof Actor.AgentCall agent
          && (each.verdict() == Verdict.RIGHT || each.verdict() == Verdict.OTHER_CALL)) {
        counts.human(
            answer.best().human(), agent.human(), accounts.getOrDefault(agent.human(), Set.of()));
        counts.delegation(each.truth(), agent.human(), answer.delegation().id(), granted);
      }
    }
    return counts;
  }

  private void human(@Nullable Human said, String really, Set<String> accounts) {
    HumanBasis basis = said == null ? HumanBasis.UNKNOWN : said.basis();
    boolean account = said != null && basis == HumanBasis.OS_USER && accounts.contains(said.id());
    Count count = humans.computeIfAbsent(basis, b -> new Count());
    count.said++;
    count.right += account || (said != null && said.id().equals(really)) ? 1 : 0;
  }

  private void delegation(Truth act, String human, @Nullable String said, List<Granted> granted) {
    List<Granted> theirs = granted.stream().filter(g -> g.human().equals(human)).toList();
    if (theirs.stream()
        .anyMatch(g -> Duration.between(g.at(), act.at()).abs().compareTo(NEAR) < 0)) {
      return;
    }
    Optional<Granted> newest =
        theirs.stream()
            .filter(g -> g.at().isBefore(act.at()))
            .max(Comparator.comparing(Granted::at));
    if (newest.isEmpty()) {
      underNone.said++;
      underNone.right += said == null ? 1 : 0;
    } else if (said == null) {
      silent++;
    } else {
      under.said++;
      under.right += Objects.equals(said, newest.get().id()) ? 1 : 0;
    }
  }

  /** How many humans are named by {@code basis}. */
  public int humansNamed(HumanBasis basis) {
    return humans.getOrDefault(basis, new Count()).said;
  }

  /** How many acts were done under no delegation. */
  public int underNone() {
    return underNone.said;
  }

  /** The share of humans named by {@code basis} who are the right ones; 1 where none is. */
  public double humansRight(HumanBasis basis) {
    return share(humans.getOrDefault(basis, new Count()));
  }

  /** The share of delegations named that are the right ones; 1 where none is. */
  public double delegationsRight() {
    return share(under);
  }

  /** How many delegations were named. */
  public int delegationsNamed() {
    return under.said;
  }

  /** The share of acts under no delegation for which none is named; 1 where there are none. */
  public double noneRight() {
    return share(underNone);
  }

  /** The share of acts under a delegation for which one is named; 1 where there are none. */
  public double recall() {
    int all = under.said + silent;
    return all == 0 ? 1 : (double) under.said / all;
  }

  private static double share(Count count) {
    return count.said == 0 ? 1 : (double) count.right / count.said;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("\nof agents' acts whose session is named     said    right    share\n");
    humans.forEach((basis, count) -> line(text, "human by " + basis, count));
    line(text, "under a delegation, one named", under);
    line(text, "under none, none named", underNone);
    return text.append("under a delegation, none named       %10d\n".formatted(silent)).toString();
  }

  private static void line(StringBuilder text, String what, Count count) {
    text.append("%-36s %10d %8d   %.4f\n".formatted(what, count.said, count.right, share(count)));
  }
}
