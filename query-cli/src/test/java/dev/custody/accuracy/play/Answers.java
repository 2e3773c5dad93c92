package dev.custody.accuracy.play;

import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import java.util.Optional;

/** What Custody says of acts. */
@FunctionalInterface
public interface Answers {
  /** The answer on {@code act}; empty when no event tells of it. */
  Optional<Attribution> to(Truth act);
}
