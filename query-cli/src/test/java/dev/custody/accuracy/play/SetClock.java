package dev.custody.accuracy.play;

import java.time.Instant;
import java.time.InstantSource;

/** A machine's clock, which shows what it is set to. */
final class SetClock implements InstantSource {
  private volatile Instant now;

  SetClock(Instant now) {
    this.now = now;
  }

  void set(Instant to) {
    now = to;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
