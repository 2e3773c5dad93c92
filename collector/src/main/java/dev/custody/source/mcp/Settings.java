package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.Observer;
import dev.custody.identity.SpiffeId;
import dev.custody.source.git.Workplace;
import dev.custody.source.git.Workplaces;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds who works where. Safe for use by several threads. */
final class Settings {
  static final String UNNAMED = "unnamed";

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_PATH = 4096;
  private static final String SOME_CLIENT = "mcp-client";

  /** Products by what their MCP clients call themselves. */
  private static final List<String[]> CLIENTS =
      List.of(
          new String[] {"claude-code", "claude-code"},
          new String[] {"codex", "codex"},
          new String[] {"gemini", "gemini-cli"},
          new String[] {"opencode", "opencode"});

  private final Observer observer;
  private final Workplaces workplaces;

  Settings(Observer observer, Workplaces workplaces) {
    this.observer = observer;
    this.workplaces = workplaces;
  }

  /**
   * The setting of what {@code peers} say to each other.
   *
   * @param head of the delivery, redacted
   */
  Setting of(JsonNode head, Peers peers) {
    String cwd = Rpc.text(head, "cwd", LONGEST_PATH);
    Workplace workplace = workplaces.at(cwd == null ? "" : cwd);
    String product = product(head, peers);
    String session = session(head, product);
    return new Setting(
        observer.human(session, workplace.gitEmail()),
        SpiffeId.agent(observer.trustDomain(), product, workplace.project()),
        product,
        product.equals(known(peers.client())) ? peers.clientVersion() : null,
        cwd,
        workplace.workTree() == null ? cwd : workplace.workTree(),
        server(head, peers),
        session);
  }

  /** What the server is called: as the agent's settings call it, else as it calls itself. */
  static String server(JsonNode head, Peers peers) {
    String given = Rpc.text(head, "server", LONGEST_NAME);
    String own = peers.server();
    return given != null ? given : own != null ? own : UNNAMED;
  }

  /** The session that was given, else the one that the environment names for this product. */
  static @Nullable String session(JsonNode head, String product) {
    String given = Rpc.text(head, "session", Rpc.LONGEST_NAME);
    return given != null ? given : Rpc.text(head.path("sessions"), product, Rpc.LONGEST_NAME);
  }

  // What the client says of itself counts before the environment, which a process inherits.
  static String product(JsonNode head, Peers peers) {
    String given = Rpc.text(head, "product", LONGEST_NAME);
    String known = known(peers.client());
    String around = Rpc.text(head, "around", LONGEST_NAME);
    return given != null
        ? given
        : known != null ? known : around != null ? around : other(peers.client());
  }

  private static @Nullable String known(@Nullable String client) {
    String name = client == null ? "" : client.toLowerCase(Locale.ROOT);
    return CLIENTS.stream()
        .filter(entry -> name.contains(entry[0]))
        .map(entry -> entry[1])
        .findFirst()
        .orElse(null);
  }

  private static String other(@Nullable String client) {
    String name =
        client == null ? "" : client.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    return name.isEmpty() ? SOME_CLIENT : name;
  }
}
