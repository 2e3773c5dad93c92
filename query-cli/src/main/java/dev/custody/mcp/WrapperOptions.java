package dev.custody.mcp;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a server is wrapped.
 *
 * @param collector address of the collector, looked up anew for each attempt; empty while none runs
 * @param token what the collector asks for beyond loopback, looked up anew for each attempt
 * @param session the agent's session; null to take it from the environment
 * @param product the agent's product; null to take it from what its client says
 * @param server what the agent calls the server; null for what the server calls itself
 * @param decisionMillis longest that a call of a tool waits for the collector's decision
 * @param command the server, with its arguments
 */
public record WrapperOptions(
    Supplier<Optional<String>> collector,
    Supplier<Optional<String>> token,
    @Nullable String session,
    @Nullable String product,
    @Nullable String server,
    long decisionMillis,
    List<String> command) {
  /** Longest that a call waits, when nobody says otherwise. */
  public static final long DECISION_MILLIS = 2000;

  /** Copies. */
  public WrapperOptions {
    command = List.copyOf(command);
  }
}
