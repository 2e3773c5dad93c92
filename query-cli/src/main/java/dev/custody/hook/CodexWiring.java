package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.hook.JsonText.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Codex: {@code hooks.json}, and of the user also {@code config.toml}. */
final class CodexWiring implements Wiring {
  private static final List<String> EVENTS =
      List.of(
          "SessionStart",
          "SessionEnd",
          "UserPromptSubmit",
          "PreToolUse",
          "PermissionRequest",
          "PostToolUse",
          "PreCompact",
          "PostCompact",
          "SubagentStart",
          "SubagentStop",
          "Stop",
          "Interrupt");

  static final String TRUST =
      "Codex runs hooks only once you have trusted them: start codex, and see /hooks";

  private final Machine machine;
  private final HookOptions options;

  CodexWiring(Machine machine, HookOptions options) {
    this.machine = machine;
    this.options = options;
  }

  @Override
  public boolean needsForwarder() {
    return true;
  }

  @Override
  public List<FileEdit> edits() {
    return options.project() == null ? List.of(hooks(), config()) : List.of(hooks());
  }

  private Path directory() {
    Path project = options.project();
    return project == null ? machine.directory("CODEX_HOME", ".codex") : project.resolve(".codex");
  }

  private JsonSettings hooks() {
    Map<String, ObjectNode> handlers = new LinkedHashMap<>();
    for (String event : EVENTS) {
      handlers.put(
          event,
          Handlers.command(machine, Wire.CODEX, options.port(), Forwarder.LONGEST_SECONDS + 1));
    }
    return new JsonSettings(
        directory().resolve("hooks.json"),
        Dialect.STRICT,
        handler -> Handlers.port(Wire.CODEX, handler),
        handlers,
        null,
        null,
        options);
  }

  private CodexTelemetry config() {
    return new CodexTelemetry(directory().resolve("config.toml"), options);
  }

  @Override
  public WireStatus status() throws HookException {
    JsonSettings hooks = hooks();
    JsonSettings.State state = hooks.state(TextFile.read(hooks.file()));
    TreeSet<Integer> ports = new TreeSet<>(state.ports());
    List<String> missing = new ArrayList<>(state.missing());
    List<Path> files = new ArrayList<>(List.of(hooks.file()));
    if (options.project() == null && options.telemetry()) {
      CodexTelemetry config = config();
      files.add(config.file());
      String text = TextFile.read(config.file());
      if (!ports.isEmpty()) {
        config.port(text).ifPresent(ports::add);
      }
      missing.addAll(config.missing(text));
    }
    return WireStatus.of(
        Wire.CODEX,
        files,
        options.port(),
        ports,
        missing,
        state.ports().isEmpty() ? List.of() : List.of(TRUST));
  }

  @Override
  public List<ProbeTarget> targets() throws HookException {
    JsonSettings hooks = hooks();
    JsonNode tree = hooks.state(TextFile.read(hooks.file())).tree();
    List<ProbeTarget> targets = new ArrayList<>();
    hooks.installed(tree).forEach(h -> targets.add(Handlers.target(Wire.CODEX, h)));
    if (!targets.isEmpty() && options.project() == null) {
      CodexTelemetry config = config();
      config
          .port(TextFile.read(config.file()))
          .ifPresent(port ->
              targets.add(
                  new ProbeTarget.Telemetry(Wire.CODEX, "http://127.0.0.1:" + port + "/v1/logs")));
    }
    return targets;
  }
}
