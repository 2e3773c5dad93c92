package dev.custody.coverage;

import org.jspecify.annotations.Nullable;

/** A way by which an agent's acts reach a collector; {@code docs/completeness.md}. */
public enum Channel {
  /** What the agent's own hooks or plugins send. */
  HOOKS,
  /** OpenTelemetry. */
  TELEMETRY,
  /** The wrapper of MCP servers. */
  PROXY;

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
