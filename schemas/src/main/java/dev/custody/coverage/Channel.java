package dev.custody.coverage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way by which an agent's acts reach a collector; {@code docs/completeness.md}. */
public enum Channel {
  /** What the agent's own hooks or plugins send. */
  HOOKS,
  /** OpenTelemetry. */
  TELEMETRY,
  /** The wrapper of MCP servers. */
  PROXY;

  /** {@code channels} and {@code one}, in their order; null adds nothing. */
  public static List<Channel> with(List<Channel> channels, @Nullable Channel one) {
    if (one == null || channels.contains(one)) {
      return channels;
    }
    List<Channel> all = new ArrayList<>(channels);
    all.add(one);
    all.sort(null);
    return List.copyOf(all);
  }

  /** The channel of sources of {@code kind}; null for one that is no agent's. */
  public static @Nullable Channel of(String kind) {
    return switch (kind) {
      case "claude-code", "codex", "gemini-cli", "opencode" -> HOOKS;
      case "mcp" -> PROXY;
      case "otlp" -> TELEMETRY;
      default -> kind.endsWith("-otlp") ? TELEMETRY : null;
    };
  }
}
