package dev.custody.sighting;

import dev.custody.capture.Observer;
import dev.custody.event.Host;
import dev.custody.signing.FingerprintKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The collector that tests observe with: a fixed key, and a clock that only tests move. */
public final class TestObserver implements InstantSource {
  private Instant now = Instant.parse("2026-11-22T07:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  /** Goes on to the present, for what is made by programs that know no other time. */
  public TestObserver goToPresent() {
    now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return this;
  }

  /** Lets seconds pass. */
  public void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** An observer on {@code laptop}, for {@code osUser} if somebody is enrolled. */
  public Observer of(@Nullable String osUser) {
    return new Observer(
        new Host("laptop", "Linux"), osUser, "acme.example", FingerprintKey.ephemeral(), this);
  }
}
