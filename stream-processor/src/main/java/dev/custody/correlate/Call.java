package dev.custody.correlate;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
 * @param repository the work tree that it ran in, as an identifier has it; empty when it has told
 *     which commits are its own
 * @param background whether it goes on after what told of its end
 * @param refused whether it was not allowed to run
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
    List<Identifier> resulted,
    @Nullable String repository,
    boolean background,
    boolean refused) {
  static final String NO_OTHER = "";

  private static final Set<String> KINDS =
      Set.of("ToolCallRequested", "ToolCallDecided", "ToolCallCompleted", "ToolCallRefused");
  private static final Comparator<Identifier> BY_NAME =
      Comparator.comparing(Identifier::kind).thenComparing(Identifier::value);

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
          "TaskUpdate",
          // Codex
          "apply_patch",
          "view_image",
          "update_plan",
          // Gemini CLI
          "read_file",
          "read_many_files",
          "write_file",
          "replace",
          "list_directory",
          "glob",
          "grep_search",
          "search_file_content",
          "write_todos",
          // opencode
          "read",
          "write",
          "edit",
          "grep",
          "list",
          "todowrite",
          "todoread");
  private static final Set<IdentifierKind> CREDENTIALS =
      Set.of(
          IdentifierKind.AWS_ACCESS_KEY_ID,
          IdentifierKind.AWS_ROLE_SESSION,
          IdentifierKind.AWS_SOURCE_IDENTITY,
          IdentifierKind.GITHUB_TOKEN,
          IdentifierKind.KUBERNETES_CREDENTIAL);

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
            List.of(),
            null,
            false,
            false);
    return unknown.after(event);
  }

  /** Whether {@code event} tells of a tool call. */
  static boolean tells(Attribution event) {
    return event.best().toolCall() != null && KINDS.contains(event.kind());
  }

  /**
   * This call after another of its events; the same in whatever order they arrive, and however many
   * witnesses tell of its beginning and of its end: of several ends the one that shows most
   * credentials speaks, of several alike the one with the least id.
   */
  Call after(Attribution event) {
    boolean requests = event.kind().equals("ToolCallRequested");
    boolean completes = event.kind().equals("ToolCallCompleted");
    boolean first = requests ? isLess(event, requestedIn) : completes && showsMore(event);
    // The request tells the command; a result is believed about it only as long as there is no
    // request.
    boolean tells = first && (requests || requestedIn == null);
    boolean goesOn = background || (completes && isBackground(event));
    Instant at = event.occurredAt();
    return new Call(
        id,
        at.isBefore(start) ? at : start,
        goesOn ? null : completes && (end == null || at.isAfter(end)) ? at : end,
        tells ? event.best() : candidate,
        tells ? event.extract().toLowerCase(Locale.ROOT) : mentions,
        tells ? reaches(event) : reaches,
        requests && first ? event.event() : requestedIn,
        completes && first ? event.event() : completedIn,
        requests ? with(named, credentials(event)) : named,
        completes && first ? credentials(event) : resulted,
        reportsCommit(event) || NO_OTHER.equals(repository)
            ? NO_OTHER
            : tells ? repository(event) : repository,
        goesOn,
        refused || event.kind().equals("ToolCallRefused"));
  }

  private static boolean isLess(Attribution event, @Nullable EventId known) {
    return known == null || event.event().compareTo(known) < 0;
  }

  // Telemetry may tell of an end without its output.
  private boolean showsMore(Attribution event) {
    int more = credentials(event).size() - resulted.size();
    return completedIn == null || more > 0 || (more == 0 && isLess(event, completedIn));
  }

  private static List<Identifier> with(List<Identifier> known, List<Identifier> more) {
    if (known.containsAll(more)) {
      return known;
    }
    Set<Identifier> all = new TreeSet<>(BY_NAME);
    all.addAll(known);
    all.addAll(more);
    return List.copyOf(all);
  }

  /** Whether it can have reached beyond the machine: what was not allowed to run has not. */
  @Override
  public boolean reaches() {
    return reaches && !refused;
  }

  // What it did in the repository it has said: whoever else commits there meanwhile is not this
  // call.
  private static boolean reportsCommit(Attribution event) {
    return event.kind().equals("ToolCallCompleted")
        && event.identifiers().stream().anyMatch(i -> i.kind() == IdentifierKind.GIT_COMMIT);
  }

  private static @Nullable String repository(Attribution event) {
    return event.identifiers().stream()
        .filter(i -> i.kind() == IdentifierKind.REPOSITORY)
        .map(Identifier::value)
        .findFirst()
        .orElse(null);
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

  // What runs in the background is reported as completed when it has begun; it may run on for long.
  private static boolean isBackground(Attribution event) {
    return event.extract().contains("\"backgroundTaskId\"")
        // Telemetry tells the input instead.
        || event.extract().contains("\"run_in_background\":true");
  }

  private static boolean reaches(Attribution event) {
    String action = event.action() == null ? "" : event.action();
    return !LOCAL_TOOLS.contains(action.substring(action.indexOf(':') + 1));
  }

  private static List<Identifier> credentials(Attribution event) {
    return event.identifiers().stream().filter(i -> CREDENTIALS.contains(i.kind())).toList();
  }
}
