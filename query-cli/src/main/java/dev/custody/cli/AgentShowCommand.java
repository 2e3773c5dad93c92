package dev.custody.cli;

import dev.custody.index.IndexSearch;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** All that is known of one agent. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows one agent: its registration, sessions, humans, delegations and hosts.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody agent show claude-code/acme-api",
      "  custody agent show spiffe://local/agent/claude-code/acme-api --json"
    })
final class AgentShowCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private AgentCommand parent;

  @Parameters(
      paramLabel = "AGENT",
      description = "SPIFFE ID, or PRODUCT/PROJECT[/TASK] in whatever trust domain.")
  private String agent;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  AgentShowCommand() {}

  @Override
  public Integer call() {
    try (IndexSearch search = IndexSearch.open(parent.index())) {
      AgentRoll roll = new AgentRoll(search);
      Lookup lookup = new Lookup(search);
      List<AgentEntry> found = roll.named(agent);
      int limit = output.limit();
      return new Answers(output.json, "custody agent list and custody agent list --unregistered")
          .print(
              found,
              0,
              true,
              (lines, entry) -> AgentReport.whole(lines, entry, lookup),
              (terminal, entry) ->
                  new AgentReport(terminal)
                      .print(entry, roll.unverified(entry.spiffeId()), lookup, limit));
    }
  }
}
