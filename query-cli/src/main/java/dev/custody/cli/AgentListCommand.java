package dev.custody.cli;

import dev.custody.index.IndexSearch;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The agents that were registered, or those that were seen and are not. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the agents that were registered, or those that were seen and are not.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody agent list",
      "  custody agent list --unregistered     seen at work, and nobody said that they may",
      "  custody agent list --unregistered --json"
    })
final class AgentListCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private AgentCommand parent;

  @Option(
      names = "--unregistered",
      description =
          "Agents that were seen and never registered, or seen again after they were retired.")
  private boolean unregistered;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  AgentListCommand() {}

  @Override
  public Integer call() {
    try (IndexSearch search = IndexSearch.open(parent.index())) {
      List<AgentEntry> found =
          new AgentRoll(search)
              .entries().stream()
                  .filter(e ->
                      unregistered
                          ? e.isUnexpected()
                          : e.status() != AgentEntry.Status.UNREGISTERED)
                  .toList();
      List<AgentEntry> shown = found.stream().limit(output.limit()).toList();
      return new Answers(
              output.json,
              unregistered
                  ? "every agent that was seen is registered"
                  : "custody agent list --unregistered shows who was seen at work")
          .print(
              shown,
              found.size() - shown.size(),
              true,
              AgentReport::json,
              (terminal, entry) -> new AgentReport(terminal).print(entry));
    }
  }
}
