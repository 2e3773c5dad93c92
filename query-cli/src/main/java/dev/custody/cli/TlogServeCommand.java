package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.local.AllInOne;
import dev.custody.local.Installation;
import dev.custody.tiles.LogMirror;
import dev.custody.tiles.LogServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The mirror and server of the transparency log alone. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Follows the log's topics, has its checkpoints cosigned, and serves it over HTTP, read-only"
          + " (C2SP tlog-tiles): /PARTITION/GENERATION/checkpoint, .../tile/..., and /logs."
    },
    footerHeading = "%nExamples:%n",
    footer =
        "  custody tlog serve --bootstrap-servers kafka:9092 --root root.pub --host 0.0.0.0 \\%n"
            + "    --witness-policy witnesses.policy")
final class TlogServeCommand implements Callable<Integer> {
  @ParentCommand private TlogCommand parent;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka.")
  private String servers;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "The organisation's public root keys; DATA/keys/root.pub when not given.")
  private @Nullable Path root;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + UpCommand.LOG_PORT,
      description = "Port to listen on; ${DEFAULT-VALUE}; 0 for any.")
  private int port;

  @Mixin private WitnessPolicyOption witnesses;
  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  TlogServeCommand() {}

  @Override
  public Integer call() {
    Path directory = AllInOne.logs(parent.data());
    try {
      TrustedRoots roots =
          TrustedRoots.read(root == null ? Installation.rootFile(parent.data()) : root);
      LogMirror mirror = LogMirror.start(directory, servers, roots, witnesses.cosigning());
      LogServer server = LogServer.start(directory, host, port);
      return RoleProcess.serve(
          "ready log=http://%s:%d kafka=%s data=%s"
              .formatted(host, server.port(), servers, parent.data()),
          () -> {
            server.close();
            mirror.close();
          },
          () -> mirror.failure().isEmpty(),
          health);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the log cannot be served: " + e.getMessage(),
          "is the data directory writable, the port free, Kafka there, and the processor started"
              + " once?",
          e);
    }
  }
}
