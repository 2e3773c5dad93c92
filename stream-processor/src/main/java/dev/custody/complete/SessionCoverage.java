package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.coverage.Counter;
import dev.custody.coverage.Numbers;
import dev.custody.detect.Evidence;
import dev.custody.detect.Gap;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session as a whole.
 *
 * @param channels which told of it, and from when on
 * @param counted the numbers of its sources, at most 16
 * @param ended when its newest end was observed
 * @param lastObserved when its newest event was
 * @param passed the time that is known to have passed
 * @param told what was said of it
 */
public record SessionCoverage(
    List<ChannelStart> channels,
    List<Counted> counted,
    @Nullable Instant ended,
    Instant lastObserved,
    Instant passed,
    List<Sighting> told) {
  /** How long what is late may take. */
  static final Duration GRACE = Duration.ofMinutes(15);

  private static final int MOST_SOURCES = 16;

  /**
   * A channel.
   *
   * @param channel which
   * @param first the time of the first thing that it told
   */
  public record ChannelStart(Channel channel, Instant first) {}

  /**
   * A source that counts its records.
   *
   * @param source its name as a {@link Counter}
   * @param numbers what it counted
   * @param least the least of them
   * @param shown the event of that number
   * @param missingSince since when some are missing; null when none are
   */
  public record Counted(
      String source, Numbers numbers, long least, Evidence shown, @Nullable Instant missingSince) {
    private static Counted of(String source, long number, Evidence event) {
      return new Counted(source, Numbers.NONE.with(number), number, event, null);
    }

    private Counted with(long number, Evidence event, Instant observedAt) {
      boolean first = number < least || (number == least && event.key().compareTo(shown.key()) < 0);
      Numbers now = numbers.with(number);
      return new Counted(
          source,
          now,
          Math.min(least, number),
          first ? event : shown,
          now.missing() == 0 ? null : Objects.requireNonNullElse(missingSince, observedAt));
    }
  }

  /** Copies. */
  public SessionCoverage {
    channels = List.copyOf(channels);
    counted = List.copyOf(counted);
    told = List.copyOf(told);
  }

  /** Of which nothing is known. */
  static SessionCoverage empty() {
    return new SessionCoverage(List.of(), List.of(), null, Instant.EPOCH, Instant.EPOCH, List.of());
  }

  /** After {@code event}; the same in whatever order events come. */
  SessionCoverage after(Attribution event) {
    boolean ends = event.kind().equals("SessionEnded");
    Counter counter = Counter.of(event.source());
    return new SessionCoverage(
        started(channelOf(event), event.occurredAt()),
        counter == null || counter.ofRun() ? counted : counting(counter, event),
        ends ? later(ended, event.observedAt()) : ended,
        later(lastObserved, event.observedAt()),
        passed,
        told);
  }

  // That a hook was missed is no word of the hook itself.
  private static @Nullable Channel channelOf(Attribution event) {
    return event.kind().equals("HookMissed") ? null : Channel.of(event.source().kind());
  }

  /** After {@code event}, which {@code run} counted, whatever its session: of that run alone. */
  SessionCoverage counted(Counter run, Attribution event) {
    return new SessionCoverage(
        channels,
        counting(run, event),
        ended,
        later(lastObserved, event.observedAt()),
        passed,
        told);
  }

  private List<ChannelStart> started(@Nullable Channel channel, Instant at) {
    if (channel == null) {
      return channels;
    }
    Instant known = first(channel);
    if (known != null && !at.isBefore(known)) {
      return channels;
    }
    List<ChannelStart> all = new ArrayList<>(channels);
    all.removeIf(c -> c.channel() == channel);
    all.add(new ChannelStart(channel, at));
    all.sort(Comparator.comparing(ChannelStart::channel));
    return all;
  }

  private List<Counted> counting(Counter counter, Attribution event) {
    long number = Objects.requireNonNull(event.source().sequence());
    String source = counter.name();
    Evidence whole = Sightings.evidence(event);
    Evidence shown = whole.inBrief(whole.summary());
    List<Counted> all = new ArrayList<>(counted);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).source().equals(source)) {
        all.set(i, all.get(i).with(number, shown, event.observedAt()));
        return all;
      }
    }
    if (all.size() < MOST_SOURCES) {
      all.add(Counted.of(source, number, shown));
      all.sort(Comparator.comparing(Counted::source));
    }
    return all;
  }

  private static Instant later(@Nullable Instant known, Instant other) {
    return known != null && known.isAfter(other) ? known : other;
  }

  /** From when on {@code channel} told of the session; null when it never did. */
  @Nullable Instant first(Channel channel) {
    return channels.stream()
        .filter(c -> c.channel() == channel)
        .map(ChannelStart::first)
        .findFirst()
        .orElse(null);
  }

  /** Since when numbers are missing, of whichever source longest; null when none are. */
  @Nullable Instant missingSince() {
    return counted.stream()
        .map(Counted::missingSince)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Once {@code time} has passed. */
  SessionCoverage passing(Instant time) {
    return new SessionCoverage(channels, counted, ended, lastObserved, later(passed, time), told);
  }

  SessionCoverage telling(List<Sighting> now) {
    return new SessionCoverage(channels, counted, ended, lastObserved, passed, now);
  }

  /** Whether {@code moment} and a grace have passed. */
  boolean isOver(Instant moment) {
    return !passed.isBefore(moment.plus(GRACE));
  }

  /** The gaps of the session as a whole. */
  List<Gap> gaps(String session) {
    return counted.stream()
        .filter(c -> c.missingSince() != null && isOver(c.missingSince()))
        .map(c -> missing(Objects.requireNonNullElse(c.shown().session(), session), c))
        .toList();
  }

  private static Gap missing(String session, Counted c) {
    String detail =
        "%d records of %s are missing: numbers %s"
            .formatted(c.numbers().missing(), c.source(), c.numbers().missingInWords());
    Channel channel = Counter.channel(c.source());
    return Gap.inSession(
        Gap.Kind.MISSING_NUMBERS,
        detail,
        session,
        channel == null ? List.of() : List.of(channel),
        c.shown().inBrief(detail));
  }
}
