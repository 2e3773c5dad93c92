package dev.custody.cli;

import dev.custody.access.TokenFile;
import dev.custody.admission.TrustedRoots;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.local.LogRegister;
import dev.custody.local.StartException;
import dev.custody.log.LogKeys;
import dev.custody.sigma.RuleSet;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
  private static final int MOST_THREADS = 64;

  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

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
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Threads that share the partitions of this instance, 1 to "
              + MOST_THREADS
              + "; ${DEFAULT-VALUE}.")
  private int threads;

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

  @Option(
      names = "--collector",
      paramLabel = "URL",
      description = {
        "A collector that records which rules are in force, http://HOST:PORT; its token of imports is that of",
        "$CUSTODY_IMPORT_TOKEN_FILE, else of DATA/import.token. Without one: custody rule load."
      })
  private @Nullable String collector;

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

  /** Has a collector record the rules, before anything is judged by them. */
  private void recordRules(RuleSet rules) {
    String address = collector;
    if (address == null) {
      System.err.println(
          "custody: no collector is told which rules are in force; try: --collector URL, or custody"
              + " rule load");
      return;
    }
    try (CollectorClient client = new CollectorClient(address)) {
      Path token = TokenFile.ofImports(System.getenv(), custody.data());
      boolean _ = client.importing(token).rules(rules);
    } catch (IOException | IllegalArgumentException e) {
      throw new CouldNotRunException(
          "--collector: the rules can't be recorded: " + e.getMessage(),
          "does it run there, and is the token of imports its own?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException("interrupted while starting", "start again", e);
    }
  }

  private int threads() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --threads 1 to %d, found %d".formatted(MOST_THREADS, threads));
    }
    return threads;
  }

  @Override
  public Integer call() {
    RuleSet rules = run.rules();
    recordRules(rules);
    Path roots = root == null ? Installation.rootFile(custody.data()) : root;
    StreamProcessor processor =
        run.starting(() ->
            StreamProcessor.start(
                new ProcessorConfig(
                    bootstrapServers,
                    custody.data().resolve("streams"),
                    instance,
                    threads(),
                    run.partitions(),
                    replication,
                    TrustedRoots.read(roots),
                    rules,
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
