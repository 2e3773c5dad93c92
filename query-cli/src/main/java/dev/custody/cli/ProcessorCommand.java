package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.local.Installation;
import dev.custody.local.LogRegister;
import dev.custody.local.StartException;
import dev.custody.log.LogKeys;
import dev.custody.signing.KeyException;
import dev.custody.topology.ProcessorConfig;
import dev.custody.topology.StreamProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The stream processor alone. */
@Command(
    name = "processor",
    mixinStandardHelpOptions = true,
    description = "Runs the stream processor alone: admits, attributes, correlates, detects.",
    footerHeading = "%nExamples:%n",
    footer =
        "  custody processor --bootstrap-servers kafka:9092 --root root.pub --data /var/lib/custody")
final class ProcessorCommand implements Callable<Integer> {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka.")
  private String bootstrapServers;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "The organisation's public root keys; DATA/keys/root.pub when not given.")
  private @Nullable Path root;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      defaultValue = "processor-1",
      description = "Name of this instance, another for each; ${DEFAULT-VALUE}.")
  private String instance;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "1",
      description = "Copies of every topic; ${DEFAULT-VALUE}.")
  private short replication;

  @Option(
      names = "--logs",
      paramLabel = "FILE",
      description =
          "The list of logs that the root signed (custody tlog register --out); DATA/keys/logs when"
              + " not given, which is made where the root's keyset is at hand.")
  private @Nullable Path logList;

  @Mixin private RunOptions run;
  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  ProcessorCommand() {}

  private LogKeys logs(Path roots) throws KeyException, StartException, IOException {
    Installation here =
        Installation.ofProcessor(custody.data(), run.protection(custody.data()), roots);
    if (logList == null) {
      return here.logs(run.partitions(), Instant.now());
    }
    LogRegister given = new LogRegister(logList, TrustedRoots.read(roots));
    return given.keys(
        given.complete(null, here.log().publicKey(), run.partitions(), Instant.now()), here.log());
  }

  @Override
  public Integer call() {
    Path roots = root == null ? Installation.rootFile(custody.data()) : root;
    StreamProcessor processor =
        run.starting(() ->
            StreamProcessor.start(
                new ProcessorConfig(
                    bootstrapServers,
                    custody.data().resolve("streams"),
                    instance,
                    run.partitions(),
                    replication,
                    TrustedRoots.read(roots),
                    run.rules(),
                    logs(roots))));
    try {
      if (!processor.awaitRunning(LONGEST_START)) {
        processor.close();
        throw new CouldNotRunException(
            "the stream processor did not start: " + processor.failure(),
            "see the log above",
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return RoleProcess.serve(
        "ready kafka=%s data=%s".formatted(bootstrapServers, custody.data()),
        processor,
        processor::healthy,
        health);
  }
}
