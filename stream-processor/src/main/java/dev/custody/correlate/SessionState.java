package dev.custody.correlate;

import dev.custody.attribution.Attribution;
import dev.custody.event.Identifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows.
 *
 * @param shown at most 256 identifiers
 * @param startedAt newest start or resumption
 * @param endedAt newest end
 */
public record SessionState(
    List<Shown> shown, @Nullable Instant startedAt, @Nullable Instant endedAt) {
  private static final int MAX_SHOWN = 256;

  /** Copies. */
  public SessionState {
    shown = List.copyOf(shown);
  }

  /** A session of which nothing is known. */
  static SessionState empty() {
    return new SessionState(List.of(), null, null);
  }

  /**
   * The session after {@code event}; the newest start and the newest end count, however they
   * arrive.
   */
  SessionState after(Attribution event) {
    return switch (event.kind()) {
      case "SessionStarted" ->
          new SessionState(shown, later(startedAt, event.occurredAt()), endedAt);
      case "SessionEnded" -> new SessionState(shown, startedAt, later(endedAt, event.occurredAt()));
      default -> this;
    };
  }

  private static Instant later(@Nullable Instant known, Instant other) {
    return known != null && known.isAfter(other) ? known : other;
  }

  /** When it ended for good, or null while it lasts. */
  @Nullable Instant over() {
    return endedAt != null && (startedAt == null || startedAt.isBefore(endedAt)) ? endedAt : null;
  }

  /** What it knows of {@code identifier}, if anything. */
  Optional<Shown> of(Identifier identifier) {
    return shown.stream().filter(s -> s.identifier().equals(identifier)).findFirst();
  }

  /** With {@code now} as all that is known of {@code identifier}, as long as there is room. */
  SessionState with(Identifier identifier, @Nullable Shown now) {
    List<Shown> all = new ArrayList<>(shown);
    boolean known = all.removeIf(s -> s.identifier().equals(identifier));
    if (now != null && (known || all.size() < MAX_SHOWN)) {
      all.add(now);
    }
    return new SessionState(all, startedAt, endedAt);
  }
}
