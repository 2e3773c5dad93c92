package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.source.agent.Telling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a batch of calls shows that one of them was not allowed to run.
 *
 * @param by {@code permission-rule}, {@code hook} or {@code user}
 * @param reason first line of what the agent was told
 */
record Refusal(String by, String reason) {
  private static final String OPENING = "<tool_use_error>";
  private static final String CLOSING = "</tool_use_error>";

  /** How errors begin that say the call itself was wrong: nobody refused anything. */
  private static final List<String> MISTAKES =
      List.of(
          "InputValidationError",
          "Error: No such tool available",
          "No such tool available",
          "File does not exist",
          "Path does not exist",
          "Directory does not exist",
          "File has not been read yet",
          "File has been modified since read",
          "File has been unexpectedly modified",
          "String to replace not found",
          "No changes to make",
          "Found ",
          "Cancelled: parallel tool call",
          "Sibling tool call errored");

  /** What the first line of a result says of a call that nobody permitted. */
  private static final List<String> UNPERMITTED =
      List.of(
          " needs approval",
          " requires approval",
          "haven't granted it",
          "Permission denied by",
          "Permission to use",
          "permission was denied",
          "denied this tool call",
          "denied by your permission settings");

  /**
   * The refusal of {@code call}, an element of {@code tool_calls}; null if it was none.
   *
   * <p>A rule speaks before any hook and in the result only. A hook or a user speaks after the
   * request; then the result is told apart from a tool's own words by the call never having run.
   */
  static @Nullable Refusal of(JsonNode call, String tool, @Nullable String id, Session session) {
    String told = told(call.path("tool_response")).strip();
    if (id == null || !session.calls().isKnown(id)) {
      return told.startsWith(OPENING) ? byRule(inner(told)) : null;
    }
    return session.calls().isOpen(id) ? afterRequest(inner(told), call, tool, session) : null;
  }

  private static @Nullable Refusal byRule(String told) {
    return MISTAKES.stream().anyMatch(told::startsWith)
        ? null
        : new Refusal("permission-rule", Telling.reason(told));
  }

  private static @Nullable Refusal afterRequest(
      String told, JsonNode call, String tool, Session session) {
    if (told.startsWith("PreToolUse:") || told.startsWith("Hook PreToolUse:")) {
      return new Refusal("hook", Telling.reason(told));
    }
    boolean byRule =
        (told.startsWith("Permission to use ") && told.contains("denied"))
            || told.contains("denied by your permission settings");
    if (byRule) {
      return new Refusal("permission-rule", Telling.reason(told));
    }
    boolean byUser =
        told.startsWith("The user doesn't want to")
            || told.startsWith("[Request interrupted by user")
            || (speaksOfPermission(told) && session.wasAsked(tool, call.path("tool_input")));
    return byUser ? new Refusal("user", Telling.reason(told)) : null;
  }

  // A call that was permitted may be in a batch before its own result: only words tell.
  private static boolean speaksOfPermission(String told) {
    String first = told.lines().findFirst().orElse("");
    return UNPERMITTED.stream().anyMatch(first::contains);
  }

  /** A result is a text, or a list of parts whose first has one. */
  private static String told(JsonNode response) {
    String text = response.textValue();
    if (text == null) {
      text = response.path(0).path("text").textValue();
    }
    return text == null ? "" : text;
  }

  private static String inner(String told) {
    String text = told.startsWith(OPENING) ? told.substring(OPENING.length()) : told;
    return text.endsWith(CLOSING) ? text.substring(0, text.length() - CLOSING.length()) : text;
  }
}
