package dev.custody.correlate;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows and does.
 *
 * @param shown at most 16 identifiers
 * @param calls at most 512 newest
 * @param endedAt null while it lasts
 */
public record SessionState(List<Shown> shown, List<Call> calls, @Nullable Instant endedAt) {
  public SessionState {
    shown = List.copyOf(shown);
    calls = List.copyOf(calls);
  }

  /** A session of which nothing is known. */
  static SessionState empty() {
    return new SessionState(List.of(), List.of(), null);
  }
}
