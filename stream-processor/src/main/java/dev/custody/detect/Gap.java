package dev.custody.detect;

import dev.custody.coverage.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that should have been heard of and was not; {@code docs/completeness.md}.
 *
 * @param kind what kind of silence
 * @param detail in words
 * @param group what it is about, KIND:value
 * @param period the session, else the UTC day
 * @param channels the channels that told of it
 * @param evidence what shows that something is missing
 */
public record Gap(
    Kind kind,
    String detail,
    String group,
    String period,
    List<Channel> channels,
    Evidence evidence) {
  /** Kinds of silence. */
  public enum Kind {
    NO_RESULT,
    ONE_WITNESS,
    NO_PROMPT,
    MISSING_NUMBERS,
    SILENT_COLLECTOR
  }

  /** Copies. */
  public Gap {
    channels = List.copyOf(channels);
  }

  /** A gap in the session of {@code evidence}. */
  public static Gap inSession(
      Kind kind, String detail, @Nullable String session, List<Channel> channels, Evidence shown) {
    return new Gap(kind, detail, "session:" + session, String.valueOf(session), channels, shown);
  }
}
