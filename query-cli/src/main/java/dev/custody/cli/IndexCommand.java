package dev.custody.cli;

import dev.custody.index.Indexer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The index alone. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the index alone: keeps the store in DATA/index up with Kafka. who, trace, search and alerts read it.",
      "The store may be deleted while this does not run; it is then built again."
    },
    footerHeading = "%nExamples:%n",
    footer = "  custody index --bootstrap-servers kafka:9092 --data /var/lib/custody")
final class IndexCommand implements Callable<Integer> {
  @ParentCommand private CustodyCommand custody;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka.")
  private String bootstrapServers;

  @Mixin private HealthFile health;

  @SuppressWarnings("NullAway.Init")
  IndexCommand() {}

  @Override
  public Integer call() {
    Indexer indexer = Indexer.start(custody.index(), bootstrapServers);
    return RoleProcess.serve(
        "ready kafka=%s data=%s".formatted(bootstrapServers, custody.data()),
        indexer,
        () -> indexer.failure().isEmpty(),
        health);
  }
}
