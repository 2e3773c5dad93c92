package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.detect.Evidence;
import dev.custody.detect.Gap;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that tool calls name.
 *
 * @param submitted whether something told that it was submitted
 * @param used when the first call of it was observed
 * @param channels those that told of its calls
 * @param shown the earliest call of it
 * @param told what was said of it
 */
public record PromptUse(
    boolean submitted,
    @Nullable Instant used,
    List<Channel> channels,
    @Nullable Evidence shown,
    List<Sighting> told) {
  /** Copies. */
  public PromptUse {
    channels = List.copyOf(channels);
    told = List.copyOf(told);
  }

  /** Of which nothing is known. */
  static PromptUse empty() {
    return new PromptUse(false, null, List.of(), null, List.of());
  }

  /** Whether {@code event} says something of a prompt. */
  static boolean tells(Attribution event) {
    return event.best().prompt() != null
        && Channel.of(event.source().kind()) != null
        && (event.kind().equals("PromptSubmitted") || event.kind().equals("ToolCallRequested"));
  }

  /** After {@code event}, one that {@link #tells}. */
  PromptUse after(Attribution event) {
    if (event.kind().equals("PromptSubmitted")) {
      return new PromptUse(true, used, channels, shown, told);
    }
    Instant at = event.observedAt();
    Evidence whole = Sightings.evidence(event);
    Evidence now = whole.inBrief(whole.summary());
    boolean earlier =
        shown == null
            || now.occurredAt().isBefore(shown.occurredAt())
            || (now.occurredAt().equals(shown.occurredAt())
                && now.key().compareTo(shown.key()) < 0);
    return new PromptUse(
        submitted,
        used == null || at.isBefore(used) ? at : used,
        Channel.with(channels, Channel.of(event.source().kind())),
        earlier ? now : shown,
        told);
  }

  PromptUse telling(List<Sighting> now) {
    return new PromptUse(submitted, used, channels, shown, now);
  }

  /** The gaps of the prompt in {@code session}. */
  List<Gap> gaps(String session, SessionCoverage coverage) {
    if (submitted || used == null || shown == null || !coverage.isOver(used)) {
      return List.of();
    }
    String detail = "tool calls name prompt " + shown.prompt() + ", which nothing told of";
    return List.of(
        Gap.inSession(Gap.Kind.NO_PROMPT, detail, session, channels, shown.inBrief(detail)));
  }
}
