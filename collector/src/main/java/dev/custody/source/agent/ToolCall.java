package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool, as a hook shows it.
 *
 * @param tool name of the tool, as the agent has it
 * @param command the command line, where the tool is a shell; else null
 * @param provider who supplies the tool; null where the hook does not tell
 * @param mentions what the call names
 */
public record ToolCall(
    String tool, @Nullable String command, @Nullable ToolProvider provider, Mentions mentions) {
  private static final String MCP = "mcp__";

  /** The agent's own. */
  public static final ToolProvider BUILT_IN =
      new ToolProvider(ToolProviderKind.BUILT_IN, null, null);

  /** A call of {@code tool} with {@code input}, and with {@code results}, whatever they are. */
  public static ToolCall of(
      String tool,
      ToolKinds kinds,
      @Nullable ToolProvider provider,
      @Nullable String cwd,
      JsonNode input,
      List<JsonNode> results) {
    Mentions mentions = new Mentions(cwd).pathsOf(input).textsOf(input);
    results.forEach(mentions::textsOf);
    String command = tool.equals(kinds.shell()) ? input.path("command").textValue() : null;
    return new ToolCall(tool, command, provider, mentions);
  }

  /** The MCP server {@code name}. */
  public static ToolProvider server(String name) {
    return new ToolProvider(ToolProviderKind.MCP_SERVER, name, null);
  }

  /** The MCP server of {@code mcp__<server>__<tool>}, else the agent itself. */
  public static ToolProvider byName(String tool) {
    int end = tool.startsWith(MCP) ? tool.indexOf("__", MCP.length()) : -1;
    return end > MCP.length() ? server(tool.substring(MCP.length(), end)) : BUILT_IN;
  }
}
