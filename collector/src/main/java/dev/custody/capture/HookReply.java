package dev.custody.capture;

import dev.custody.digest.Bytes;
import dev.custody.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's hook comes to.
 *
 * @param events what it tells of, redacted; they are durable before the answer is given
 * @param answer JSON for the agent; null to let it go on as if nobody listened
 */
public record HookReply(List<Event> events, @Nullable Bytes answer) {
  /** Copies. */
  public HookReply {
    events = List.copyOf(events);
  }

  /** Tells of {@code events} and influences nothing. */
  public static HookReply proceed(List<Event> events) {
    return new HookReply(events, null);
  }
}
