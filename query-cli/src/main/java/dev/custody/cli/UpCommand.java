package dev.custody.cli;

import dev.custody.local.AllInOne;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Every role in this process, until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Runs broker, collector, stream processor and index in one process, on loopback only.",
      "Prints one line when it takes work: ready http=... kafka=... log=... data=...",
      "Stops in order on SIGTERM or Ctrl-C; everything is kept for the next start."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody up",
      "  custody up --data /var/lib/custody --http-port 4319 --kafka-port 9492",
      "  custody up --http-port 0 --kafka-port 0     any free ports"
    })
final class UpCommand implements Callable<Integer> {
  /**
   * Where the collector listens when nobody says otherwise; agents' hooks are configured with it.
   */
  static final int HTTP_PORT = 4319;

  /** Where the broker listens when nobody says otherwise. */
  static final int KAFKA_PORT = 9492;

  /** Where the transparency log is served when nobody says otherwise. */
  static final int LOG_PORT = 4320;

  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      defaultValue = "" + HTTP_PORT,
      description = "Port of the collector; ${DEFAULT-VALUE}; 0 for any.")
  private int httpPort;

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      defaultValue = "" + KAFKA_PORT,
      description = "Port of the broker; ${DEFAULT-VALUE}; 0 for any.")
  private int kafkaPort;

  @Option(
      names = "--log-port",
      paramLabel = "N",
      defaultValue = "" + LOG_PORT,
      description = "Port of the transparency log, read-only; ${DEFAULT-VALUE}; 0 for any.")
  private int logPort;

  @Mixin private WitnessPolicyOption witnesses;
  @Mixin private PolicyOption policy;
  @Mixin private RunOptions run;
  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  UpCommand() {}

  @Override
  public Integer call() {
    AllInOne.Config config =
        new AllInOne.Config(
            custody.data(),
            httpPort,
            logPort,
            kafkaPort,
            run.partitions(),
            run.trustDomain(),
            run.rules(),
            witnesses.cosigning(),
            policy.policy(custody.data()));
    AllInOne all = run.starting(() -> AllInOne.start(config, run.protection(custody.data())));
    return RoleProcess.serve(
        "ready http=%s kafka=%s log=%s data=%s"
            .formatted(all.http(), all.kafka(), all.log(), custody.data()),
        all,
        all::healthy,
        health);
  }
}
