package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.coverage.TwoWitnesses;
import dev.custody.detect.Evidence;
import dev.custody.detect.Gap;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who told what of a tool call.
 *
 * @param id tool call id
 * @param channels the channels that told of it
 * @param requested when its first request was observed
 * @param completed when its first end was
 * @param refused whether it was not allowed to run
 * @param shown the earliest event of it
 * @param told what was said of it
 */
public record CallWitness(
    String id,
    List<Channel> channels,
    @Nullable Instant requested,
    @Nullable Instant completed,
    boolean refused,
    Evidence shown,
    List<Sighting> told) {
  /** How long a call may run of whose session no end is known. */
  static final Duration LONGEST = Duration.ofHours(24);

  private static final Set<String> KINDS =
      Set.of("ToolCallRequested", "ToolCallDecided", "ToolCallCompleted", "ToolCallRefused");

  /** Copies. */
  public CallWitness {
    channels = List.copyOf(channels);
    told = List.copyOf(told);
  }

  /** Whether {@code event} tells of a tool call. */
  static boolean tells(Attribution event) {
    return event.best().toolCall() != null
        && KINDS.contains(event.kind())
        && Channel.of(event.source().kind()) != null;
  }

  /** After {@code event}, one that {@link #tells}; {@code before} is null for the first. */
  static CallWitness after(@Nullable CallWitness before, Attribution event) {
    Evidence whole = Sightings.evidence(event);
    Evidence now = whole.inBrief(whole.summary());
    Evidence shown = before == null || isEarlier(now, before.shown) ? now : before.shown;
    boolean completed = event.kind().equals("ToolCallCompleted");
    boolean requested = event.kind().equals("ToolCallRequested");
    boolean refused = event.kind().equals("ToolCallRefused");
    return new CallWitness(
        String.valueOf(event.best().toolCall()),
        Channel.with(
            before == null ? List.of() : before.channels, Channel.of(event.source().kind())),
        earlier(before == null ? null : before.requested, requested ? event.observedAt() : null),
        earlier(before == null ? null : before.completed, completed ? event.observedAt() : null),
        refused || (before != null && before.refused),
        shown,
        before == null ? List.of() : before.told);
  }

  private static boolean isEarlier(Evidence one, Evidence other) {
    int order = one.occurredAt().compareTo(other.occurredAt());
    return order < 0 || (order == 0 && one.key().compareTo(other.key()) < 0);
  }

  private static @Nullable Instant earlier(@Nullable Instant known, @Nullable Instant other) {
    if (known == null || other == null) {
      return known == null ? other : known;
    }
    return other.isBefore(known) ? other : known;
  }

  CallWitness telling(List<Sighting> now) {
    return new CallWitness(id, channels, requested, completed, refused, shown, now);
  }

  /** Whether it is known to have neither ended nor been refused. */
  boolean isOpen() {
    return requested != null && completed == null && !refused;
  }

  /** The gaps of the call in {@code session}. */
  List<Gap> gaps(String session, SessionCoverage coverage) {
    List<Gap> gaps = new ArrayList<>();
    if (requested != null && isOpen() && isLate(requested, coverage)) {
      gaps.add(gap(Gap.Kind.NO_RESULT, session, "tool call " + id + " began, and never ended"));
    }
    boolean both = TwoWitnesses.areExpected(shown.agent(), shown.action());
    if (completed != null && !refused && both && coverage.isOver(completed)) {
      oneWitness(session, coverage, Channel.HOOKS, Channel.TELEMETRY, gaps);
      oneWitness(session, coverage, Channel.TELEMETRY, Channel.HOOKS, gaps);
    }
    return gaps;
  }

  private static boolean isLate(Instant requested, SessionCoverage coverage) {
    Instant ended = coverage.ended();
    boolean over = ended != null && !ended.isBefore(requested) && coverage.isOver(ended);
    return over || !coverage.passed().isBefore(requested.plus(LONGEST));
  }

  private void oneWitness(
      String session, SessionCoverage coverage, Channel told, Channel silent, List<Gap> gaps) {
    Instant first = coverage.first(silent);
    boolean expected = first != null && first.isBefore(shown.occurredAt());
    if (channels.contains(told) && !channels.contains(silent) && expected) {
      gaps.add(
          gap(
              Gap.Kind.ONE_WITNESS,
              session,
              "tool call %s was told of by %s alone; %s had told of the session before"
                  .formatted(id, told, silent)));
    }
  }

  private Gap gap(Gap.Kind kind, String session, String detail) {
    return Gap.inSession(kind, detail, session, channels, shown.inBrief(detail));
  }
}
