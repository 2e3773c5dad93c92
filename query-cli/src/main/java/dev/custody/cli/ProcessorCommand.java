package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.local.Installation;
import dev.custody.topology.ProcessorConfig;
import dev.custody.topology.StreamProcessor;
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

  @Mixin private RunOptions run;
  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  ProcessorCommand() {}

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
                    Installation.ofProcessor(custody.data(), run.protection(custody.data()), roots)
                        .logs(run.partitions(), Instant.now()))));
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
