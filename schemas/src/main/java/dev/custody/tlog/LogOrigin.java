package dev.custody.tlog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one log: {@code NAME/PARTITION/GENERATION}, the origin of its checkpoints and the name of
 * its keys (C2SP tlog-checkpoint).
 *
 * @param name what the organisation calls its logs, a URL without its scheme, for example {@code
 *     acme.example/custody}; 1 to {@link #MAX_NAME} characters of {@code A-Z a-z 0-9 . _ - : /}
 * @param partition partition of {@code custody.events} whose links it holds
 * @param generation 0, and one more each time that the log was opened anew on purpose
 */
public record LogOrigin(String name, int partition, int generation) {
  /** Longest name, in characters. */
  public static final int MAX_NAME = 128;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]+(?:/[A-Za-z0-9._:-]+)*");
  private static final Pattern ORIGIN =
      Pattern.compile("(.+)/(0|[1-9][0-9]{0,8})/(0|[1-9][0-9]{0,8})");

  public LogOrigin {
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a log's name of 1 to %d characters of A-Z a-z 0-9 . _ - : /, found %s"
              .formatted(MAX_NAME, name));
    }
    if (partition < 0 || generation < 0) {
      throw new IllegalArgumentException(
          "expected a partition and a generation from 0 on, found %d and %d"
              .formatted(partition, generation));
    }
  }

  /**
   * Parses what {@link #toString} gives.
   *
   * @throws IllegalArgumentException naming what was expected
   */
  public static LogOrigin parse(String text) {
    Matcher matcher = ORIGIN.matcher(text.length() > MAX_NAME + 20 ? "" : text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected NAME/PARTITION/GENERATION, found "
              + text.substring(0, Math.min(text.length(), MAX_NAME)));
    }
    return new LogOrigin(
        matcher.group(1), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return name + "/" + partition + "/" + generation;
  }
}
