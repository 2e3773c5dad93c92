package dev.custody.sigma;

import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A part of the time that a value tells (modifiers appendix, "Time Modifiers"): ISO 8601, as it is
 * written, without a conversion between time zones. A value that tells no such time has no parts.
 */
enum TimePart {
  MINUTE(ChronoField.MINUTE_OF_HOUR),
  HOUR(ChronoField.HOUR_OF_DAY),
  DAY(ChronoField.DAY_OF_MONTH),
  /** ISO 8601 week: the first is that of the year's first Thursday. */
  WEEK(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
  MONTH(ChronoField.MONTH_OF_YEAR),
  YEAR(ChronoField.YEAR);

  private static final int SHORTEST = "2026-01-31".length();
  private static final int LONGEST = 64;

  /** A date, then perhaps a time behind a T or a space, then perhaps its offset. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendPattern("[XXX][XX][X]")
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private final TemporalField field;

  TimePart(TemporalField field) {
    this.field = field;
  }

  /** The part of that name, or null if a modifier of that name is none. */
  static @Nullable TimePart named(String modifier) {
    for (TimePart part : values()) {
      if (part.modifier().equals(modifier)) {
        return part;
      }
    }
    return null;
  }

  String modifier() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What this part can be at all, as {@code 0 - 23}. */
  String range() {
    return field.range().getMinimum() + " - " + field.range().getMaximum();
  }

  boolean canBe(long number) {
    return field.range().isValidValue(number);
  }

  /** The part of the value, as a decimal number; null if the value is no time, or lacks it. */
  @Nullable String of(String value) {
    if (value.length() < SHORTEST || value.length() > LONGEST || value.charAt(4) != '-') {
      return null;
    }
    try {
      TemporalAccessor time = TIME.parse(value);
      return time.isSupported(field) ? String.valueOf(time.getLong(field)) : null;
    } catch (DateTimeException noTime) {
      return null;
    }
  }
}
