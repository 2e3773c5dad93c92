package dev.custody.source.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.custody.event.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * How a shell command of Gemini CLI ended. Its hook tells only what the model reads: the output,
 * and behind it lines of Gemini CLI's own.
 *
 * @param reason the line that says so; null for a success
 */
record ShellResult(Outcome outcome, @Nullable String reason) {
  private static final String OPENING = "<untrusted_context>";
  private static final String CLOSING = "</untrusted_context>";
  private static final String OUTPUT = "Output: ";
  private static final Pattern FAILED =
      Pattern.compile("(?:Exit Code: -?[1-9][0-9]{0,9}|Signal: .{1,64}|Error: .{1,999})");
  private static final Pattern HARMLESS =
      Pattern.compile("(?:Exit Code: 0|Background PIDs: [0-9, ]+|Process Group PGID: [0-9]+)");

  /** The result in {@code response}. */
  static ShellResult of(JsonNode response) {
    String told = inner(response);
    if (told == null) {
      return new ShellResult(Outcome.UNKNOWN, null);
    }
    if (told.startsWith("Command was cancelled by user")
        || told.startsWith("Command was automatically cancelled")) {
      return new ShellResult(Outcome.FAILURE, "cancelled");
    }
    return told.startsWith(OUTPUT)
        ? ofLines(behindOutput(told.substring(OUTPUT.length()), response))
        : new ShellResult(Outcome.UNKNOWN, null);
  }

  /** What the command printed, and what stands behind it; null where there is none. */
  static @Nullable String output(JsonNode response) {
    String told = inner(response);
    return told != null && told.startsWith(OUTPUT) ? told.substring(OUTPUT.length()) : null;
  }

  /**
   * What is displayed is the output alone: where that is known, a line in it is the command's own,
   * whatever it says.
   */
  private static String behindOutput(String told, JsonNode response) {
    String shown = response.path("returnDisplay").textValue();
    return shown != null && !shown.isEmpty() && told.startsWith(shown)
        ? told.substring(shown.length())
        : told;
  }

  /** From the last line up, as long as they are Gemini CLI's own. */
  private static ShellResult ofLines(String lines) {
    String reason = null;
    int end = lines.length();
    while (end > 0) {
      int start = lines.lastIndexOf('\n', end - 1) + 1;
      String line = lines.substring(start, end);
      boolean failed = start > 0 && FAILED.matches(line);
      if (!failed && !(start > 0 && HARMLESS.matches(line))) {
        break;
      }
      reason = failed ? line : reason;
      end = start - 1;
    }
    return reason == null
        ? new ShellResult(Outcome.SUCCESS, null)
        : new ShellResult(Outcome.FAILURE, reason);
  }

  private static @Nullable String inner(JsonNode response) {
    String told = response.path("llmContent").textValue();
    if (told == null) {
      return null;
    }
    String text = told.strip();
    text = text.startsWith(OPENING) ? text.substring(OPENING.length()) : text;
    text = text.endsWith(CLOSING) ? text.substring(0, text.length() - CLOSING.length()) : text;
    return text.strip();
  }
}
