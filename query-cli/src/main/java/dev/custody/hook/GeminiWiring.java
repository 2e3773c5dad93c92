package dev.custody.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.custody.hook.JsonText.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gemini CLI: {@code settings.json}, which may hold comments. */
final class GeminiWiring implements Wiring {
  /**
   * Not BeforeModel, AfterModel and BeforeToolSelection: each carries the whole conversation again,
   * and AfterModel comes with every piece of an answer. Telemetry tells of those.
   */
  private static final List<String> EVENTS =
      List.of(
          "SessionStart",
          "SessionEnd",
          "BeforeAgent",
          "AfterAgent",
          "BeforeTool",
          "AfterTool",
          "PreCompress",
          "Notification");

  private static final int TIMEOUT_MILLIS = (Forwarder.LONGEST_SECONDS + 1) * 1000;
  private static final Members TELEMETRY = new Members("telemetry", "otlpEndpoint", others());

  private final Machine machine;
  private final HookOptions options;

  GeminiWiring(Machine machine, HookOptions options) {
    this.machine = machine;
    this.options = options;
  }

  private static Map<String, JsonNode> others() {
    Map<String, JsonNode> others = new LinkedHashMap<>();
    others.put("enabled", BooleanNode.TRUE);
    others.put("target", TextNode.valueOf("local"));
    others.put("otlpProtocol", TextNode.valueOf("http"));
    others.put("logPrompts", BooleanNode.TRUE);
    others.put("traces", BooleanNode.TRUE);
    return others;
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
    Path directory = (project == null ? machine.home() : project).resolve(".gemini");
    Map<String, ObjectNode> handlers = new LinkedHashMap<>();
    for (String event : EVENTS) {
      handlers.put(
          event, Handlers.command(machine, Wire.GEMINI_CLI, options.port(), TIMEOUT_MILLIS));
    }
    return new JsonSettings(
        directory.resolve("settings.json"),
        Dialect.WITH_COMMENTS,
        handler -> Handlers.port(Wire.GEMINI_CLI, handler),
        handlers,
        TELEMETRY,
        machine
            .variable("GEMINI_TELEMETRY_OTLP_ENDPOINT")
            .or(() -> machine.variable("OTEL_EXPORTER_OTLP_ENDPOINT"))
            .filter(there -> Forwarder.portOfUrl(there, "").isEmpty())
            .map(there -> "another endpoint is set in the environment")
            .orElse(null),
        options);
  }

  @Override
  public WireStatus status() throws HookException {
    JsonSettings settings = settings();
    JsonSettings.State state = settings.state(TextFile.read(settings.file()));
    List<String> missing = new ArrayList<>(state.missing());
    JsonNode enabled = state.tree().path("hooksConfig").path("enabled");
    if (enabled.isBoolean() && !enabled.asBoolean()) {
      missing.add("hooksConfig.enabled is false");
    }
    return WireStatus.of(
        Wire.GEMINI_CLI,
        List.of(settings.file()),
        options.port(),
        state.ports(),
        missing,
        List.of());
  }

  @Override
  public List<ProbeTarget> targets() throws HookException {
    JsonSettings settings = settings();
    JsonNode tree = settings.state(TextFile.read(settings.file())).tree();
    List<ProbeTarget> targets = new ArrayList<>();
    settings.installed(tree).forEach(h -> targets.add(Handlers.target(Wire.GEMINI_CLI, h)));
    if (!targets.isEmpty() && TELEMETRY.port(tree).isPresent()) {
      String endpoint = tree.path("telemetry").path("otlpEndpoint").asText();
      targets.add(new ProbeTarget.Telemetry(Wire.GEMINI_CLI, endpoint + "/v1/logs"));
    }
    return targets;
  }
}
