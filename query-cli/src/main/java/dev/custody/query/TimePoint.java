package dev.custody.query;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment as typed: how long ago, a day, or an instant. All in UTC. */
final class TimePoint {
  private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhdw])");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern LOCAL =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?");

  private TimePoint() {}

  /** The first moment that {@code text} covers: a day's start. */
  static Instant start(String option, String text, Instant now) throws QuerySyntaxException {
    return parse(option, text, now, 0);
  }

  /** The first moment that {@code text} no longer covers: the end of a day. */
  static Instant end(String option, String text, Instant now) throws QuerySyntaxException {
    return parse(option, text, now, 1);
  }

  private static Instant parse(String option, String text, Instant now, int days)
      throws QuerySyntaxException {
    try {
      Matcher ago = AGO.matcher(text);
      if (ago.matches()) {
        return now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2).charAt(0)));
      }
      if (DAY.matcher(text).matches()) {
        return LocalDate.parse(text).plusDays(days).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      if (LOCAL.matcher(text).matches()) {
        return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
      }
      return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      throw new QuerySyntaxException(
          option + ": expected a duration, a date or an instant, found '" + text + "'",
          "for example "
              + option
              + " 90m, "
              + option
              + " 7d, "
              + option
              + " 2026-11-22, "
              + option
              + " 2026-11-22T07:14:00Z");
    }
  }

  private static Duration duration(long count, char unit) {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      case 'd' -> Duration.ofDays(count);
      default -> Duration.ofDays(Math.multiplyExact(7, count));
    };
  }
}
