package dev.custody.cli;

import dev.custody.mcp.Wrapper;
import dev.custody.mcp.WrapperOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code custody mcp} without the command line's library, which takes longer to start than many a
 * server: an agent waits for each of its servers when it starts. Takes the plain forms of the
 * options; anything else, help and mistakes included, is {@link Main}'s.
 */
public final class McpMain {
  private static final Set<String> OPTIONS =
      Set.of("--server", "--session", "--product", "--collector", "--data");

  private McpMain() {}

  /** Runs {@code mcp OPTIONS -- COMMAND} and ends the process with its exit code. */
  public static void main(String[] args) {
    WrapperOptions options = plain(List.of(args));
    if (options == null) {
      Main.main(args);
    } else {
      System.exit(Wrapper.run(options));
    }
  }

  /** Null where the arguments are not of the plain form. */
  private static @org.jspecify.annotations.Nullable WrapperOptions plain(List<String> args) {
    Map<String, String> given = new HashMap<>();
    int at = 1;
    while (at + 1 < args.size() && OPTIONS.contains(args.get(at))) {
      given.put(args.get(at), args.get(at + 1));
      at += 2;
    }
    if (at + 1 >= args.size() || !args.get(at).equals("--")) {
      return null;
    }
    String address = given.getOrDefault("--collector", System.getenv("CUSTODY_COLLECTOR"));
    if (address != null && !address.isBlank() && !McpCommand.isAddress(address)) {
      return null;
    }
    String named = given.get("--data");
    Path data =
        (named == null ? CustodyCommand.defaultData() : Path.of(named))
            .toAbsolutePath()
            .normalize();
    return new WrapperOptions(
        McpCommand.collector(address, data),
        McpCommand.token(data),
        given.get("--session"),
        given.get("--product"),
        given.get("--server"),
        WrapperOptions.DECISION_MILLIS,
        args.subList(at + 1, args.size()));
  }
}
