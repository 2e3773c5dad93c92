package dev.custody.cli;

import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.local.AgentDesk;
import dev.custody.local.Installation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a human states of an agent, and with which key. */
final class AgentStatementOptions {
  @Option(
      names = "--human",
      required = true,
      paramLabel = "WHO",
      description = "Who states it: the e-mail address that their repositories carry.")
  private String human = "";

  @Option(
      names = "--agent",
      required = true,
      paramLabel = "AGENT",
      description =
          "Product, such as claude-code, or spiffe://TRUST-DOMAIN/agent/PRODUCT/PROJECT[/TASK].")
  private String agent = "";

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "Project that it works in: the name of the repository's directory.")
  private @Nullable String project;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description = "What it works at; every task when not given.")
  private @Nullable String task;

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private RootKeyOptions rootKeys = new RootKeyOptions();

  /** Signs it and has it recorded; says so in {@code past}, such as registered. */
  int state(Path data, AgentStatement.Kind kind, String past) {
    AgentProcess.refuse();
    AgentId id = id();
    return Writing.run(
        data,
        run,
        collector -> {
          AgentStatement made =
              run.starting(() ->
                  AgentDesk.state(
                      Installation.open(data, run.protection(data), rootKeys.place()),
                      kind,
                      id,
                      human,
                      collector));
          System.out.println(
              "%s %s by %s (%s)".formatted(past, id, Terminal.clean(human), made.id()));
          System.out.flush();
          return ExitCode.FOUND;
        });
  }

  private AgentId id() {
    try {
      if (human.isBlank() || human.length() > 256) {
        throw new IllegalArgumentException(
            "--human: expected 1 to 256 characters, found " + human.length());
      }
      if (agent.startsWith("spiffe://")) {
        if (project != null || task != null) {
          throw new IllegalArgumentException(
              "--project and --task go with a product; the SPIFFE ID names both itself");
        }
        return AgentId.parse(agent);
      }
      if (project == null) {
        throw new IllegalArgumentException("expected --project NAME with --agent " + agent);
      }
      return AgentId.of(run.trustDomain(), agent, project, task);
    } catch (IllegalArgumentException e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "custody agent register --help", e);
    }
  }
}
