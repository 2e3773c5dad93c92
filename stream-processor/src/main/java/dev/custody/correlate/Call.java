package dev.custody.correlate;

import dev.custody.attribution.Candidate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tool call of a session.
 *
 * @param id tool call id
 * @param start when it began
 * @param end null while it runs
 * @param candidate who, in which prompt
 * @param mentions lower-case text of the command
 * @param reaches whether the tool can reach beyond the machine
 */
public record Call(
    String id,
    Instant start,
    @Nullable Instant end,
    Candidate candidate,
    String mentions,
    boolean reaches) {
  /**
   * The same call, of which another event tells that it ran at {@code moment}, and perhaps ended.
   */
  Call seenAgain(Instant moment, @Nullable Instant end) {
    // The request tells the command; the result adds nothing that ranks better.
    return new Call(
        id,
        start.isBefore(moment) ? start : moment,
        end == null ? this.end : end,
        candidate,
        mentions,
        reaches);
  }
}
