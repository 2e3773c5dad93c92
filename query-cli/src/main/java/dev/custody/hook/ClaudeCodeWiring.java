package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.JsonText.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Claude Code: {@code settings.json}. */
final class ClaudeCodeWiring implements Wiring {
  /** These take commands only. */
  private static final List<String> COMMANDS = List.of("SessionStart", "Setup");

  /**
   * Every other event that 2.1.197 and 2.1.330 know. Not WorktreeCreate and WorktreeRemove: a hook
   * takes the place of what they do. An event that a version does not know has it skip the whole
   * file, so none is added here before it was seen to be accepted.
   */
  private static final List<String> POSTS =
      List.of(
          "SessionEnd",
          "UserPromptSubmit",
          "UserPromptExpansion",
          "PreToolUse",
          "PermissionRequest",
          "PermissionDenied",
          "PostToolUse",
          "PostToolUseFailure",
          "PostToolBatch",
          "Notification",
          "SubagentStart",
          "SubagentStop",
          "TaskCreated",
          "TaskCompleted",
          "TeammateIdle",
          "Stop",
          "StopFailure",
          "PreCompact",
          "PostCompact",
          "Elicitation",
          "ElicitationResult",
          "ConfigChange",
          "InstructionsLoaded",
          "CwdChanged",
          "FileChanged",
          "MessageDisplay");

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static final Members TELEMETRY =
      new Members(
          "env",
          ENDPOINT,
          Members.texts(
              "CLAUDE_CODE_ENABLE_TELEMETRY", "1",
              "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA", "1",
              "CLAUDE_CODE_PROPAGATE_TRACEPARENT", "1",
              "OTEL_LOGS_EXPORTER", "otlp",
              "OTEL_TRACES_EXPORTER", "otlp",
              "OTEL_EXPORTER_OTLP_PROTOCOL", "http/json",
              "OTEL_LOG_USER_PROMPTS", "1",
              "OTEL_LOG_TOOL_DETAILS", "1"));

  private final Machine machine;
  private final HookOptions options;

  ClaudeCodeWiring(Machine machine, HookOptions options) {
    this.machine = machine;
    this.options = options;
  }

  @Override
  public boolean needsForwarder() {
    return true;
  }

  @Override
  public List<FileEdit> edits() {
    return List.of(settings());
  }

  private JsonSettings settings() {
    Path project = options.project();
    Path file =
        project == null
            ? machine.directory("CLAUDE_CONFIG_DIR", ".claude").resolve("settings.json")
            : project.resolve(".claude").resolve("settings.json");
    return new JsonSettings(
        file,
        Dialect.STRICT,
        handler -> Handlers.port(Wire.CLAUDE_CODE, handler),
        handlers(),
        TELEMETRY,
        machine
            .variable(ENDPOINT)
            .filter(there -> Forwarder.portOfUrl(there, "").isEmpty())
            .map(there -> ENDPOINT + " is set in the environment")
            .orElse(null),
        options);
  }

  private Map<String, ObjectNode> handlers() {
    Map<String, ObjectNode> handlers = new LinkedHashMap<>();
    for (String event : COMMANDS) {
      handlers.put(
          event,
          Handlers.command(
              machine,
              Wire.CLAUDE_CODE,
              options.port(),
              // It asks twice when a session starts: for the tag, and to have it recorded.
              2 * Forwarder.LONGEST_SECONDS + 1));
    }
    for (String event : POSTS) {
      handlers.put(
          event,
          Handlers.http(
              options.address() + "/hooks/" + Wire.CLAUDE_CODE.id(), options.timeoutSeconds()));
    }
    return handlers;
  }

  @Override
  public WireStatus status() throws HookException {
    JsonSettings settings = settings();
    JsonSettings.State state = settings.state(TextFile.read(settings.file()));
    List<String> missing = new ArrayList<>(state.missing());
    if (state.tree().path("disableAllHooks").asBoolean()) {
      missing.add("disableAllHooks is set");
    }
    if (state.tree().has("allowedHttpHookUrls") && !allows(state.tree())) {
      missing.add("allowedHttpHookUrls does not allow " + options.address());
    }
    return WireStatus.of(
        Wire.CLAUDE_CODE,
        List.of(settings.file()),
        options.port(),
        state.ports(),
        missing,
        List.of());
  }

  private boolean allows(JsonNode tree) {
    String url = options.address() + "/hooks/" + Wire.CLAUDE_CODE.id();
    for (JsonNode pattern : tree.path("allowedHttpHookUrls")) {
      String[] parts = pattern.asText().split("\\*", -1);
      StringBuilder regex = new StringBuilder();
      for (String part : parts) {
        regex.append(regex.isEmpty() ? "" : ".*").append(java.util.regex.Pattern.quote(part));
      }
      if (url.matches(regex.toString())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<ProbeTarget> targets() throws HookException {
    JsonSettings settings = settings();
    JsonNode tree = settings.state(TextFile.read(settings.file())).tree();
    List<ProbeTarget> targets = new ArrayList<>();
    for (JsonNode handler : settings.installed(tree)) {
      ProbeTarget target = Handlers.target(Wire.CLAUDE_CODE, handler);
      if (!targets.contains(target)) {
        targets.add(target);
      }
    }
    if (!targets.isEmpty() && TELEMETRY.port(tree).isPresent()) {
      String endpoint = tree.path("env").path(ENDPOINT).asText();
      targets.add(new ProbeTarget.Telemetry(Wire.CLAUDE_CODE, endpoint + "/v1/logs"));
    }
    return targets;
  }
}
