package dev.custody.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.local.CollectorClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sends what Claude Code sends, hook by hook, to every collector that listens. */
final class AgentSession {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<CollectorClient> collectors;
  private final Path project;
  private final String id;
  private String prompt = "";

  AgentSession(List<CollectorClient> collectors, Path project, String id) {
    this.collectors = collectors;
    this.project = project;
    this.id = id;
  }

  String id() {
    return id;
  }

  void starts() throws IOException, InterruptedException {
    send(hook("SessionStart").put("source", "startup"));
  }

  void ends() throws IOException, InterruptedException {
    send(hook("SessionEnd").put("reason", "other"));
  }

  void prompted(String promptId, String text) throws IOException, InterruptedException {
    prompt = promptId;
    send(hook("UserPromptSubmit").put("prompt", text));
  }

  /** A permission rule refused to read {@code file}: only the batch tells. */
  void refusedToRead(String file, String call) throws IOException, InterruptedException {
    ObjectNode batch = hook("PostToolBatch");
    ObjectNode refused = batch.putArray("tool_calls").addObject();
    refused.put("tool_name", "Read").put("tool_use_id", call);
    refused.putObject("tool_input").put("file_path", project.resolve(file).toString());
    refused.put(
        "tool_response",
        "<tool_use_error>File is in a directory that is denied by your permission"
            + " settings.</tool_use_error>");
    send(batch);
  }

  void ran(String call, String command, String output) throws IOException, InterruptedException {
    begins(call, command);
    finishes(call, command, output);
  }

  void begins(String call, String command) throws IOException, InterruptedException {
    send(bash("PreToolUse", call, command));
  }

  void finishes(String call, String command, String output)
      throws IOException, InterruptedException {
    ObjectNode done = bash("PostToolUse", call, command);
    done.putObject("tool_response").put("stdout", output).put("stderr", "");
    send(done);
    ObjectNode batch = hook("PostToolBatch");
    ObjectNode entry = batch.putArray("tool_calls").addObject();
    entry.put("tool_name", "Bash").put("tool_use_id", call).put("tool_response", output);
    entry.putObject("tool_input").put("command", command);
    send(batch);
  }

  /** The tool reports the commit {@code whole} by its first digits, as Claude Code does. */
  void committed(String call, String message, String whole)
      throws IOException, InterruptedException {
    String command = "git commit -am '" + message + "'";
    begins(call, command);
    ObjectNode done = bash("PostToolUse", call, command);
    ObjectNode response = done.putObject("tool_response");
    response.put("stdout", "[trunk " + whole.substring(0, 7) + "] " + message).put("stderr", "");
    response
        .putObject("gitOperation")
        .putObject("commit")
        .put("sha", whole.substring(0, 7))
        .put("kind", "committed")
        .put("branch", "trunk");
    send(done);
  }

  private ObjectNode bash(String name, String call, String command) {
    ObjectNode hook = hook(name).put("tool_name", "Bash").put("tool_use_id", call);
    hook.putObject("tool_input").put("command", command);
    return hook;
  }

  private ObjectNode hook(String name) {
    ObjectNode hook = JSON.createObjectNode();
    hook.put("session_id", id).put("cwd", project.toString()).put("hook_event_name", name);
    hook.put("permission_mode", "default");
    return prompt.isEmpty() ? hook : hook.put("prompt_id", prompt);
  }

  private void send(ObjectNode hook) throws IOException, InterruptedException {
    for (CollectorClient collector : collectors) {
      collector.hook(JSON.writeValueAsBytes(hook));
    }
  }
}
