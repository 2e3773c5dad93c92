package dev.custody.correlate;

import dev.custody.attribution.Attribution;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows and does.
 *
 * @param shown at most 16 identifiers, those that were shown first
 * @param calls at most 512, the newest
 * @param endedAt null while it lasts
 */
public record SessionState(List<Shown> shown, List<Call> calls, @Nullable Instant endedAt) {
  private static final int MAX_SHOWN = 16;
  private static final int MAX_CALLS = 512;
  private static final Set<String> LOCAL_TOOLS =
      Set.of(
          "Read",
          "Write",
          "Edit",
          "MultiEdit",
          "NotebookEdit",
          "Glob",
          "Grep",
          "LS",
          "TodoWrite",
          "TaskCreate",
          "TaskUpdate");

  /** Copies. */
  public SessionState {
    shown = List.copyOf(shown);
    calls = List.copyOf(calls);
  }

  /** A session of which nothing is known. */
  static SessionState empty() {
    return new SessionState(List.of(), List.of(), null);
  }

  /** The session after {@code event}, one of its own. */
  SessionState after(Attribution event) {
    Instant at = event.occurredAt();
    return switch (event.kind()) {
      case "ToolCallRequested" -> withCall(event, null).withShown(event, at);
      case "ToolCallCompleted" -> {
        SessionState called = withCall(event, at);
        // What a call shows may have been used within the same call.
        yield called.withShown(
            event, called.call(event.best().toolCall()).map(Call::start).orElse(at));
      }
      case "SessionEnded" -> new SessionState(shown, calls, at);
      case "SessionStarted" -> new SessionState(shown, calls, null);
      default -> this;
    };
  }

  /** The tool call of that id, if it is known. */
  Optional<Call> call(@Nullable String id) {
    return calls.stream().filter(c -> c.id().equals(id)).findFirst();
  }

  private SessionState withCall(Attribution event, @Nullable Instant end) {
    String id = event.best().toolCall();
    if (id == null) {
      return this;
    }
    Call known = call(id).orElse(null);
    List<Call> others = new ArrayList<>(calls);
    others.remove(known);
    others.add(known == null ? begun(id, event, end) : known.seenAgain(event.occurredAt(), end));
    return new SessionState(
        shown, others.subList(Math.max(0, others.size() - MAX_CALLS), others.size()), endedAt);
  }

  private static Call begun(String id, Attribution event, @Nullable Instant end) {
    String action = event.action() == null ? "" : event.action();
    return new Call(
        id,
        event.occurredAt(),
        end,
        event.best(),
        event.extract().toLowerCase(Locale.ROOT),
        !LOCAL_TOOLS.contains(action.substring(action.indexOf(':') + 1)));
  }

  private SessionState withShown(Attribution event, Instant since) {
    List<Shown> known = new ArrayList<>(shown);
    for (Identifier identifier : event.identifiers()) {
      boolean fresh = known.stream().noneMatch(s -> s.identifier().equals(identifier));
      if (fresh && isCredential(identifier.kind()) && known.size() < MAX_SHOWN) {
        known.add(new Shown(identifier, since, event.best().toolCall(), event.event()));
      }
    }
    return new SessionState(known, calls, endedAt);
  }

  private static boolean isCredential(IdentifierKind kind) {
    return kind == IdentifierKind.AWS_ACCESS_KEY_ID
        || kind == IdentifierKind.AWS_ROLE_SESSION
        || kind == IdentifierKind.AWS_SOURCE_IDENTITY;
  }
}
