package dev.custody.accuracy.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Hook bodies of one session, as Claude Code 2.1.330 sends them.
 *
 * @param session session id
 * @param transcript path of its transcript
 * @param cwd working directory
 */
public record Hooks(String session, String transcript, String cwd) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The session begins; {@code source} is {@code startup} or {@code resume}. */
  public ObjectNode sessionStart(String source) {
    return hook("SessionStart", null).put("source", source);
  }

  /** It ends. */
  public ObjectNode sessionEnd(@Nullable String prompt, String reason) {
    return hook("SessionEnd", prompt).put("reason", reason);
  }

  /** The human, or a notification, asks for something. */
  public ObjectNode prompt(String prompt, String text) {
    ObjectNode hook = hook("UserPromptSubmit", prompt);
    hook.put("permission_mode", "default").put("prompt", text);
    return hook;
  }

  /** The agent has answered. */
  public ObjectNode stop(String prompt, String last) {
    ObjectNode hook = hook("Stop", prompt).put("permission_mode", "default");
    hook.put("stop_hook_active", false).put("last_assistant_message", last);
    hook.putArray("background_tasks");
    hook.putArray("session_crons");
    return hook;
  }

  /** A tool is about to run. */
  public ObjectNode before(Call call) {
    return tool("PreToolUse", call);
  }

  /** It has run. */
  public ObjectNode after(Call call, JsonNode response, long millis) {
    ObjectNode hook = tool("PostToolUse", call);
    hook.set("tool_response", response);
    return hook.put("duration_ms", millis);
  }

  /** It has failed. */
  public ObjectNode failed(Call call, String error, long millis) {
    ObjectNode hook = tool("PostToolUseFailure", call);
    hook.put("error", error).put("is_interrupt", false);
    return hook.put("duration_ms", millis);
  }

  /** What the model is told of the call. */
  public ObjectNode batch(Call call, String told) {
    ObjectNode hook = hook("PostToolBatch", call.prompt());
    hook.put("permission_mode", "default");
    sub(hook, call.subAgent());
    ObjectNode entry = hook.putArray("tool_calls").addObject();
    entry.put("tool_name", call.tool());
    entry.set("tool_input", call.input());
    entry.put("tool_use_id", call.id()).put("tool_response", told);
    return hook;
  }

  /** A sub-agent begins; {@code event} is {@code SubagentStart} or {@code SubagentStop}. */
  public ObjectNode subAgent(String event, String prompt, String agent) {
    return sub(hook(event, prompt), agent);
  }

  /**
   * One tool call.
   *
   * @param id its id
   * @param prompt in answer to what
   * @param tool the tool's name
   * @param input its input
   * @param subAgent the sub-agent that makes it, or null
   */
  public record Call(
      String id, String prompt, String tool, ObjectNode input, @Nullable String subAgent) {}

  /** What Bash answers. */
  public static ObjectNode output(String stdout) {
    ObjectNode response = JSON.createObjectNode();
    response.put("stdout", stdout).put("stderr", "").put("interrupted", false);
    return response.put("isImage", false).put("noOutputExpected", false);
  }

  /** What Bash answers when it made a commit. */
  public static ObjectNode committed(String stdout, String sha, String branch) {
    ObjectNode response = output(stdout);
    ObjectNode commit = response.putObject("gitOperation").putObject("commit");
    commit.put("sha", sha).put("kind", "committed").put("branch", branch);
    return response;
  }

  /** Input of Bash. */
  public static ObjectNode command(String command, String description) {
    return JSON.createObjectNode().put("command", command).put("description", description);
  }

  private ObjectNode tool(String event, Call call) {
    ObjectNode hook = hook(event, call.prompt()).put("permission_mode", "default");
    sub(hook, call.subAgent());
    hook.put("tool_name", call.tool());
    hook.set("tool_input", call.input());
    return hook.put("tool_use_id", call.id());
  }

  private ObjectNode hook(String event, @Nullable String prompt) {
    ObjectNode hook = JSON.createObjectNode();
    hook.put("session_id", session).put("transcript_path", transcript).put("cwd", cwd);
    if (prompt != null) {
      hook.put("prompt_id", prompt);
    }
    return hook.put("hook_event_name", event);
  }

  private static ObjectNode sub(ObjectNode hook, @Nullable String agent) {
    return agent == null ? hook : hook.put("agent_id", agent).put("agent_type", "general-purpose");
  }
}
