package dev.custody.cli;

import dev.custody.access.Tokens;
import dev.custody.http.HttpConfig;
import dev.custody.local.CollectorRole;
import dev.custody.local.Installation;
import dev.custody.local.RunningMark;
import dev.custody.signing.KeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The collector alone. */
@Command(
    name = "collector",
    mixinStandardHelpOptions = true,
    description =
        "Runs the collector alone: takes hooks and imports, seals them into its chain, publishes to Kafka.",
    footerHeading = "%nExamples:%n",
    footer = "  custody collector --bootstrap-servers kafka:9092 --data /var/lib/custody")
final class CollectorCommand implements Callable<Integer> {
  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka; may be down, capture goes on.")
  private String bootstrapServers;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "1",
      description = "Copies of every topic; ${DEFAULT-VALUE}.")
  private short replication;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      defaultValue = "" + UpCommand.HTTP_PORT,
      description = "Port; ${DEFAULT-VALUE}; 0 for any.")
  private int httpPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address; loopback unless this is a container of its own. Beyond it a token is needed.")
  private String bind;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "Tokens, one a line, of which every request has to carry one, as Authorization: Bearer TOKEN; /health excepted.",
        "Made with a random one where it is missing. Beyond loopback there has to be one."
      })
  private @Nullable Path tokenFile;

  @Option(
      names = "--import-token-file",
      paramLabel = "FILE",
      description = {
        "Tokens, one a line, of which whoever imports audit logs has to have one; hooks' tokens do not count.",
        "Made with a random one where it is missing; DATA/import.token."
      })
  private @Nullable Path importTokenFile;

  @Option(
      names = "--host-name",
      paramLabel = "NAME",
      description = "Further name that requests may call this host by; may be given again.")
  private List<String> hostNames = List.of();

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description =
          "Certificate of this collector's key, as `custody keys enroll` wrote it where the root is.")
  private @Nullable Path certificate;

  @Mixin private PolicyOption policy;
  @Mixin private RunOptions run;
  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  CollectorCommand() {}

  @Override
  public Integer call() {
    CollectorRole collector =
        run.starting(() ->
            CollectorRole.start(
                new CollectorRole.Config(
                    custody.data(),
                    bootstrapServers,
                    http(),
                    run.partitions(),
                    replication,
                    run.trustDomain(),
                    policy.policy(custody.data())),
                installation()));
    return RoleProcess.serve(
        "ready http=http://%s:%d kafka=%s data=%s"
            .formatted(bind, collector.httpPort(), bootstrapServers, custody.data()),
        marked(collector),
        () -> true,
        health);
  }

  private HttpConfig http() throws IOException {
    if (tokenFile == null && !HttpConfig.isLoopback(bind)) {
      throw new CouldNotRunException(
          "--bind %s: others can reach it: expected --token-file, found none".formatted(bind),
          "--token-file FILE; it is made where it is missing, and clients need a copy: docs/operations.md",
          null);
    }
    if (tokenFile != null && importTokenFile != null && isSame(tokenFile, importTokenFile)) {
      throw new CouldNotRunException(
          "--import-token-file %s: expected another file than --token-file: agents carry its tokens"
              .formatted(importTokenFile),
          "leave it out; DATA/import.token is made where it is missing",
          null);
    }
    return new HttpConfig(
        bind,
        httpPort,
        Set.copyOf(hostNames),
        HttpConfig.BODY_TIMEOUT,
        tokenFile == null ? null : Tokens.open(tokenFile),
        importTokenFile);
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
        || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
  }

  private Installation installation() throws KeyException, IOException {
    Path data = custody.data();
    if (certificate == null) {
      return Installation.open(data, run.protection(data), null);
    }
    Installation enrolled =
        Installation.withoutRoot(data, run.protection(data), Installation.rootFile(data));
    boolean _ = enrolled.adopt(certificate);
    return enrolled;
  }

  // import and delegate, run beside this process on its data directory, hand over to it.
  private AutoCloseable marked(CollectorRole collector) {
    run.starting(() -> {
      RunningMark.write(custody.data(), address(collector.httpPort()), bootstrapServers);
      return collector;
    });
    return () -> {
      RunningMark.remove(custody.data());
      collector.close();
    };
  }

  private String address(int port) {
    boolean everywhere = bind.equals("0.0.0.0") || bind.equals("::");
    String host = everywhere ? "127.0.0.1" : bind;
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
  }
}
