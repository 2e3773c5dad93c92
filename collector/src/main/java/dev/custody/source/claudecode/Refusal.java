package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
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
  private static final int LONGEST_REASON = 300;

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

  /**
   * The refusal of {@code call}, an element of {@code tool_calls}; null if it was none.
   *
   * <p>A rule speaks before any hook and in the result only. A hook or a user speaks after the
   * request; then the result is told apart from a tool's own words by the call never having run.
   */
  static @Nullable Refusal of(JsonNode call, String tool, @Nullable String id, Session session) {
    String told = told(call.path("tool_response")).strip();
    if (id == null || !session.isKnown(id)) {
      return told.startsWith(OPENING) ? byRule(inner(told)) : null;
    }
    return session.isOpen(id) ? afterRequest(inner(told), call, tool, session) : null;
  }

  private static @Nullable Refusal byRule(String told) {
    return MISTAKES.stream().anyMatch(told::startsWith)
        ? null
        : new Refusal("permission-rule", reason(told));
  }

  private static @Nullable Refusal afterRequest(
      String told, JsonNode call, String tool, Session session) {
    if (told.startsWith("PreToolUse:") || told.startsWith("Hook PreToolUse:")) {
      return new Refusal("hook", reason(told));
    }
    boolean byRule =
        (told.startsWith("Permission to use ") && told.contains("denied"))
            || told.contains("denied by your permission settings");
    if (byRule) {
      return new Refusal("permission-rule", reason(told));
    }
    boolean byUser =
        told.startsWith("The user doesn't want to")
            || told.startsWith("[Request interrupted by user")
            || session.wasAsked(tool, call.path("tool_input"));
    return byUser ? new Refusal("user", reason(told)) : null;
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

  /** The first line, bounded: an outcome's reason is no place for a whole text. */
  static String reason(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }
}
