package dev.custody.detect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What correlations know of an event.
 *
 * @param evidence it, as evidence
 * @param contributions groups that it is of, by what its rules see in it
 * @param shown matches that it is evidence of
 * @param completed matches that it completes
 */
public record Correlated(
    Evidence evidence,
    List<Contribution> contributions,
    List<Shown> shown,
    List<Completed> completed) {
  public Correlated {
    contributions = List.copyOf(contributions);
    shown = List.copyOf(shown);
    completed = List.copyOf(completed);
  }

  /** Whether there is nothing to know. */
  boolean isEmpty() {
    return contributions.isEmpty() && shown.isEmpty() && completed.isEmpty();
  }

  /** All groups that it is of: by what rules see in it, and by matches that it completes. */
  List<Contribution> counted() {
    List<Contribution> all = new ArrayList<>(contributions);
    completed.forEach(c -> c.outer().forEach(outer -> Groups.add(all, outer)));
    return all;
  }

  /** That it is of the group {@code key} of {@code correlation}; null if it is not. */
  @Nullable Contribution in(String correlation, String key) {
    return counted().stream()
        .filter(c -> c.correlation().equals(correlation) && c.key().equals(key))
        .findFirst()
        .orElse(null);
  }

  /** Whether it is evidence of {@code finding}. */
  boolean isShownIn(String finding) {
    return shown.stream().anyMatch(s -> s.finding().equals(finding));
  }
}
