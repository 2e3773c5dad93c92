package dev.custody.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What verification looks at of an event. An auditor who reads millions checks every byte of each,
 * but builds objects of the few that decide about a chain.
 */
public interface EventView {
  /** The collector's clock; equals the Kafka timestamp. */
  Instant observedAt();

  /** Name of the kind of its body. */
  String type();

  /**
   * Its body; null may stand for a kind that decides nothing about a chain: any but {@link
   * Body.Genesis}, {@link Body.CollectorStopped}, {@link Body.KeyRotated} and {@link
   * Body.KeyRevoked}.
   */
  @Nullable Body body();
}
