package dev.custody.complete;

import dev.custody.detect.Gap;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is said of gaps, and what of it is taken back. */
final class Saying {
  private final Sightings sightings;

  Saying(Sightings sightings) {
    this.sightings = sightings;
  }

  List<Sighting> of(List<Gap> gaps) {
    List<Sighting> all = new ArrayList<>();
    gaps.forEach(gap -> all.addAll(sightings.in(gap)));
    return all;
  }

  /** Tells {@code out} what is new in {@code now}, and what of {@code before} holds no longer. */
  static void differ(List<Sighting> before, List<Sighting> now, Consumer<Sighting> out) {
    before.stream()
        .filter(old -> now.stream().noneMatch(s -> isSame(s, old)))
        .forEach(old -> out.accept(old.takenBack()));
    now.stream().filter(s -> !before.contains(s)).forEach(out);
  }

  private static boolean isSame(Sighting one, Sighting other) {
    return one.finding().equals(other.finding())
        && one.evidence().key().equals(other.evidence().key())
        && one.evidence().occurredAt().equals(other.evidence().occurredAt());
  }
}
