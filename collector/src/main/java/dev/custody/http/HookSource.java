package dev.custody.http;

import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one body that an agent's hook sent, and says what it is answered. */
@FunctionalInterface
public interface HookSource {
  /**
   * What {@code body} tells of, redacted, and the answer.
   *
   * @param delegation the header {@code X-Custody-Delegation}; null without one
   */
  HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException;

  /**
   * The answer when that could not be told, or its events not be made durable, within {@link
   * #deadline}.
   *
   * @return null for a hook that keeps nobody waiting
   */
  default @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    return null;
  }

  /** How long a hook that keeps an agent waiting may take. */
  default Duration deadline() {
    return Duration.ofDays(1);
  }
}
