package dev.custody.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenException;
import dev.custody.local.CollectorClient;
import dev.custody.local.RunningMark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** An AWS {@code credential_process}. */
@Command(
    name = "aws",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a short AWS credential for this agent session, as AWS's credential_process wants it.",
      "The running collector gives it, within the session's delegation; docs/credentials.md says how to set it up.",
      "Refuses with one line on standard error and exit code 1."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  in ~/.aws/config:",
      "  [profile agent]",
      "  credential_process = /opt/custody/custody credential aws"
    })
final class CredentialAwsCommand implements Callable<Integer>, ReadsOnly {
  private static final List<String> SESSION_VARIABLES =
      List.of("CUSTODY_SESSION", "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID", "CODEX_THREAD_ID");

  @ParentCommand private CredentialCommand parent;

  @Option(
      names = "--collector",
      paramLabel = "URL",
      description = "Collector; without it $$CUSTODY_COLLECTOR, or the one of the data directory.")
  private @Nullable String collector;

  @Option(
      names = "--session",
      paramLabel = "ID",
      description =
          "Agent session; without it $$CUSTODY_SESSION, or the variable that the agent itself sets.")
  private @Nullable String session;

  @Option(
      names = "--delegation",
      paramLabel = "ID",
      description = "Delegation to present; without it $$CUSTODY_DELEGATION, or the session's own.")
  private @Nullable String delegation;

  @Option(
      names = "--role",
      paramLabel = "ARN",
      description = "Role, where the broker has several for the project.")
  private @Nullable String role;

  @SuppressWarnings("NullAway.Init")
  CredentialAwsCommand() {}

  @Override
  public Integer call() {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("session", session());
    request.put("cwd", System.getProperty("user.dir"));
    String presented = delegation == null ? variable("CUSTODY_DELEGATION") : delegation;
    if (presented != null) {
      request.put("delegation", presented);
    }
    if (role != null) {
      request.put("role", role);
    }
    return ask(address(), parent.custody().data(), request);
  }

  private static int ask(String address, Path data, ObjectNode request) {
    try (CollectorClient client = CollectorClient.of(address, data)) {
      CollectorClient.Answer answer = client.credential(request);
      if (answer.status() != 200) {
        System.err.println("custody: " + Terminal.clean(answer.reason()));
        return ExitCode.NOTHING_FOUND;
      }
      System.out.print(answer.body().utf8());
      System.out.flush();
      return ExitCode.FOUND;
    } catch (TokenException e) {
      throw RunOptions.hinted(String.valueOf(e.getMessage()), "docs/operations.md", e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the collector at %s does not answer".formatted(address),
          "is custody up running? --collector or CUSTODY_COLLECTOR name another address",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException("interrupted", "ask again", e);
    }
  }

  private String session() {
    return Optional.ofNullable(session)
        .or(() ->
            SESSION_VARIABLES.stream()
                .flatMap(v -> Optional.ofNullable(variable(v)).stream())
                .findFirst())
        .orElseThrow(() ->
            new CouldNotRunException(
                "no agent session: expected one of %s, found none"
                    .formatted(String.join(", ", SESSION_VARIABLES)),
                "this command is for agents; a human uses their own AWS profile",
                null));
  }

  private String address() {
    String given = collector == null ? variable("CUSTODY_COLLECTOR") : collector;
    if (given == null) {
      return RunningMark.read(parent.custody().data())
          .map(RunningMark::http)
          .orElseThrow(() ->
              new CouldNotRunException(
                  "no collector runs on " + parent.custody().data(),
                  "custody up starts one; --collector or CUSTODY_COLLECTOR name another",
                  null));
    }
    try {
      URI uri = URI.create(given);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
        return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
      }
    } catch (IllegalArgumentException e) {
      throw notAnAddress(given, e);
    }
    throw notAnAddress(given, null);
  }

  private static CouldNotRunException notAnAddress(String given, @Nullable Exception cause) {
    return new CouldNotRunException(
        "--collector: expected an address, found '" + given + "'",
        "for example http://127.0.0.1:4319",
        cause);
  }

  private static @Nullable String variable(String name) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? null : value;
  }
}
