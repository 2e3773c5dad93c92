package dev.custody.correlate;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * @param requestedIn the event that told of its request
 * @param completedIn the event that told of its end
 * @param named credentials that its command named
 * @param resulted credentials that its result or its command showed
 */
public record Call(
    String id,
    Instant start,
    @Nullable Instant end,
    Candidate candidate,
    String mentions,
    boolean reaches,
    @Nullable EventId requestedIn,
    @Nullable EventId completedIn,
    List<Identifier> named,
    List<Identifier> resulted) {
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
  private static final Set<IdentifierKind> CREDENTIALS =
      Set.of(
          IdentifierKind.AWS_ACCESS_KEY_ID,
          IdentifierKind.AWS_ROLE_SESSION,
          IdentifierKind.AWS_SOURCE_IDENTITY);

  /** Copies. */
  public Call {
    named = List.copyOf(named);
    resulted = List.copyOf(resulted);
  }

  /** A call that {@code event} is the first to tell of. */
  static Call begun(String id, Attribution event) {
    Call unknown =
        new Call(
            id,
            event.occurredAt(),
            null,
            event.best(),
            "",
            false,
            null,
            null,
            List.of(),
            List.of());
    return unknown.after(event);
  }

  /** This call after another of its events; the same in whatever order they arrive. */
  Call after(Attribution event) {
    boolean request = event.kind().equals("ToolCallRequested");
    Instant at = event.occurredAt();
    // The request tells the command; a result is believed about it only as long as there is no
    // request.
    boolean tells = request || requestedIn == null;
    return new Call(
        id,
        at.isBefore(start) ? at : start,
        request ? end : at,
        tells ? event.best() : candidate,
        tells ? event.extract().toLowerCase(Locale.ROOT) : mentions,
        tells ? reaches(event) : reaches,
        request ? event.event() : requestedIn,
        request ? completedIn : event.event(),
        request ? credentials(event) : named,
        request ? resulted : credentials(event));
  }

  /** What this call says of {@code identifier}, or null when it says nothing. */
  @Nullable Shown shown(Identifier identifier) {
    if (named.contains(identifier) && requestedIn != null) {
      return new Shown(identifier, start, id, requestedIn, false);
    }
    return resulted.contains(identifier) && completedIn != null
        ? new Shown(identifier, start, id, completedIn, true)
        : null;
  }

  private static boolean reaches(Attribution event) {
    String action = event.action() == null ? "" : event.action();
    return !LOCAL_TOOLS.contains(action.substring(action.indexOf(':') + 1));
  }

  private static List<Identifier> credentials(Attribution event) {
    return event.identifiers().stream().filter(i -> CREDENTIALS.contains(i.kind())).toList();
  }
}
