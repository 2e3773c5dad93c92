package dev.custody.cli;

import dev.custody.identity.AgentStatement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** That an agent is expected. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    description = {
      "States that an agent is expected to work in a project, signed with the human's own key, which the root vouches for.",
      "The newest statement on an agent counts: a retired one may be registered again.",
      "Refuses to run inside a coding agent: an agent must not vouch for itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody agent register --agent claude-code --project acme-api --human dana@example.test",
      "  custody agent register --agent spiffe://local/agent/codex/acme-api/nightly --human dana@example.test"
    })
final class AgentRegisterCommand implements Callable<Integer> {
  @ParentCommand private AgentCommand parent;
  @Mixin private AgentStatementOptions statement;

  @SuppressWarnings("NullAway.Init")
  AgentRegisterCommand() {}

  @Override
  public Integer call() {
    return statement.state(parent.data(), AgentStatement.Kind.REGISTER, "registered");
  }
}
