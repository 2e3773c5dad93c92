package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Body;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What adapters have in common in telling of tool calls. */
final class Calls {
  private static final String MCP = "mcp__";
  private static final int LONGEST_REASON = 300;

  /** Decisions against a call, in the words of the agents; none is taken for an approval. */
  private static final Set<String> DENIALS =
      Set.of("reject", "rejected", "deny", "denied", "abort", "cancel", "cancelled", "timed_out");

  private Calls() {}

  /** A decision, in the sender's own words. */
  static Told decided(String tool, @Nullable String decision, @Nullable String by) {
    boolean denied = decision != null && DENIALS.contains(decision);
    return Told.of(new Body.ToolCallDecided(tool, decision, by), "tool:" + tool)
        .outcome(denied ? Outcome.DENIED : Outcome.UNKNOWN, null);
  }

  /** The end of a call. */
  static Told completed(
      String tool, @Nullable Long millis, @Nullable ToolProvider provider, JsonNode input) {
    return Told.of(new Body.ToolCallCompleted(tool, millis), "tool:" + tool).of(provider, input);
  }

  /** An outcome as a log record's {@code success} tells it. */
  static Told outcome(Told told, @Nullable Boolean success, @Nullable String error) {
    if (success == null) {
      return told;
    }
    return told.outcome(
        success ? Outcome.SUCCESS : Outcome.FAILURE, success ? null : firstLine(error));
  }

  /** An outcome as a span's status tells it. */
  static Told outcome(Told told, Telemetry span) {
    return switch (span.status()) {
      case 1 -> told.outcome(Outcome.SUCCESS, null);
      case 2 -> told.outcome(Outcome.FAILURE, firstLine(span.statusMessage()));
      default -> told;
    };
  }

  /** The tool's own supplier: a server that is named, else by the form of the tool's name. */
  static ToolProvider provider(String tool, @Nullable String server) {
    if (server != null) {
      return new ToolProvider(ToolProviderKind.MCP_SERVER, server, null);
    }
    int end = tool.startsWith(MCP) ? tool.indexOf("__", MCP.length()) : -1;
    return end > MCP.length()
        ? new ToolProvider(ToolProviderKind.MCP_SERVER, tool.substring(MCP.length(), end), null)
        : new ToolProvider(ToolProviderKind.BUILT_IN, null, null);
  }

  private static @Nullable String firstLine(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }
}
