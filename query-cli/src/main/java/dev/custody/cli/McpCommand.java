package dev.custody.cli;

import dev.custody.access.TokenFile;
import dev.custody.local.RunningMark;
import dev.custody.mcp.Wrapper;
import dev.custody.mcp.WrapperOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Wraps a server of tools for agents. {@link McpMain} is the quick way to the same. */
@Command(
    name = "mcp",
    mixinStandardHelpOptions = true,
    customSynopsis = "custody mcp [OPTIONS] -- COMMAND [ARG...]",
    description = {
      "Runs an MCP server that speaks over standard input and output, and records what passes.",
      "Nothing is changed on the way, whether a collector runs or not; only a call of a tool that the",
      "policy denies is answered in the server's place.",
      "The exit code is the server's; 127 when it cannot be started."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody mcp --server fs -- npx -y @modelcontextprotocol/server-filesystem /home/dana/shop",
      "  in .mcp.json:",
      "  {\"mcpServers\": {\"fs\": {\"command\": \"custody\", \"args\": [\"mcp\", \"--server\", \"fs\", \"--\", \"npx\", ...]}}}"
    })
final class McpCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--server",
      paramLabel = "NAME",
      description =
          "What the agent's settings call the server; without it what the server calls itself.")
  private @Nullable String server;

  @Option(
      names = "--session",
      paramLabel = "ID",
      description =
          "Agent session; without it $$CUSTODY_SESSION, or the variable that the agent itself sets.")
  private @Nullable String session;

  @Option(
      names = "--product",
      paramLabel = "NAME",
      description = "The agent's product; without it what its MCP client calls itself.")
  private @Nullable String product;

  @Option(
      names = "--collector",
      paramLabel = "URL",
      description = "Collector; without it $$CUSTODY_COLLECTOR, or the one of the data directory.")
  private @Nullable String collector;

  @Option(
      names = "--decision-timeout",
      paramLabel = "MS",
      description =
          "Longest that a call of a tool waits for the collector's decision; ${DEFAULT-VALUE} when not given.")
  private long decisionMillis = WrapperOptions.DECISION_MILLIS;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The server, with arguments.")
  private List<String> command = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  McpCommand() {}

  @Override
  public Integer call() {
    if (decisionMillis < 0 || decisionMillis > 60_000) {
      throw new CouldNotRunException(
          "--decision-timeout: expected 0 to 60000, found " + decisionMillis,
          "2000 is the usual",
          null);
    }
    String address = collector == null ? System.getenv("CUSTODY_COLLECTOR") : collector;
    if (address != null && !address.isBlank() && !isAddress(address)) {
      throw new CouldNotRunException(
          "--collector: expected an address, found '" + address + "'",
          "for example http://127.0.0.1:4319",
          null);
    }
    return Wrapper.run(
        new WrapperOptions(
            collector(address, custody.data()),
            token(custody.data()),
            session,
            product,
            server,
            decisionMillis,
            command));
  }

  /** A given address, else where the collector of {@code data} listens, each time anew. */
  static Supplier<Optional<String>> collector(@Nullable String given, Path data) {
    if (given == null || given.isBlank()) {
      return () -> RunningMark.read(data).map(RunningMark::http);
    }
    Optional<String> address =
        Optional.of(given.endsWith("/") ? given.substring(0, given.length() - 1) : given);
    return () -> address;
  }

  /**
   * The token of the user who works on {@code data}, each time anew: it may be changed meanwhile.
   * One that cannot be read is none, and what is not taken without it waits.
   */
  static Supplier<Optional<String>> token(Path data) {
    return () -> {
      try {
        return TokenFile.clientToken(System.getenv(), data);
      } catch (IOException e) {
        return Optional.empty();
      }
    };
  }

  static boolean isAddress(String given) {
    try {
      URI uri = URI.create(given);
      return "http".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
