package dev.custody.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Event;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.List;

/** What every target asks of the events that a source tells. */
public final class Written {
  private Written() {}

  /** Each can be recorded: encoded and read back it is the same. */
  public static void allReadBack(List<Event> events) {
    for (Event event : events) {
      try {
        assertThat(Formats.EVENT.decode(Formats.EVENT.encode(event))).isEqualTo(event);
      } catch (WireException e) {
        throw new AssertionError("an event that cannot be read back", e);
      }
    }
  }
}
