package dev.custody.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/** Identifier of an event: UUIDv7 (RFC 9562), so that ids sort by time of capture. */
public record EventId(UUID value) implements Comparable<EventId> {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  /** A fresh id; later ones of this process sort after it. */
  public static EventId fresh() {
    return new EventId(GENERATOR.generate());
  }

  /**
   * Parses the canonical 36 characters.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static EventId parse(String text) {
    UUID value = UUID.fromString(text);
    if (!value.toString().equals(text)) {
      throw new IllegalArgumentException("expected a UUID in lower case, found " + text);
    }
    return new EventId(value);
  }

  @Override
  public int compareTo(EventId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
