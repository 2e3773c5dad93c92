package dev.custody.cli;

import dev.custody.identity.AgentStatement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** That an agent is expected no more. */
@Command(
    name = "retire",
    mixinStandardHelpOptions = true,
    description = {
      "States that an agent is expected no more, signed with the human's own key, which the root vouches for.",
      "It takes nothing away from the agent; what it is seen to do from then on is shown as such.",
      "Refuses to run inside a coding agent: an agent must not vouch for itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody agent retire --agent claude-code --project acme-api --human dana@example.test"
    })
final class AgentRetireCommand implements Callable<Integer> {
  @ParentCommand private AgentCommand parent;
  @Mixin private AgentStatementOptions statement;

  @SuppressWarnings("NullAway.Init")
  AgentRetireCommand() {}

  @Override
  public Integer call() {
    return statement.state(parent.data(), AgentStatement.Kind.RETIRE, "retired");
  }
}
