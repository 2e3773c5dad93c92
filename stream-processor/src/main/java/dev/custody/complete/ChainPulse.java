package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.detect.Evidence;
import dev.custody.detect.Gap;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a chain was last heard of.
 *
 * @param sequence position of the last record
 * @param last when that was observed
 * @param shown that record
 * @param stopped whether the collector stopped in order
 * @param awaited whether a deadline is set for it
 * @param told what was said of its silence
 */
public record ChainPulse(
    long sequence,
    Instant last,
    Evidence shown,
    boolean stopped,
    boolean awaited,
    List<Sighting> told) {
  /** A collector says that it is alive every minute. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Copies. */
  public ChainPulse {
    told = List.copyOf(told);
  }

  static ChainPulse of(Attribution event) {
    Evidence whole = Sightings.evidence(event);
    return new ChainPulse(
        event.position().sequence(),
        event.observedAt(),
        whole.inBrief(whole.summary()),
        event.kind().equals("CollectorStopped"),
        false,
        List.of());
  }

  /** Whether there was silence between this and {@code next}. */
  boolean isFarFrom(ChainPulse next) {
    return !stopped && next.last.isAfter(last.plus(LONGEST_PAUSE));
  }

  /** The silence that ended with {@code next}. */
  Gap until(ChainPulse next) {
    return gap(
        "nothing was heard for %d minutes after #%d"
            .formatted(Duration.between(last, next.last).toMinutes(), sequence));
  }

  /** The silence that lasts. */
  Gap untilNow() {
    return gap("nothing was heard after #" + sequence + ", and no stop");
  }

  // Both rest on the record before the silence: one takes the other's place.
  private Gap gap(String detail) {
    return new Gap(
        Gap.Kind.SILENT_COLLECTOR,
        detail,
        "chain:" + shown.position().chain().hex(),
        Sightings.day(shown.occurredAt()),
        List.of(),
        shown.inBrief(detail));
  }

  ChainPulse telling(List<Sighting> now) {
    return new ChainPulse(sequence, last, shown, stopped, awaited, now);
  }

  ChainPulse awaited(boolean now) {
    return new ChainPulse(sequence, last, shown, stopped, now, told);
  }
}
