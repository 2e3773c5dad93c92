package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.identity.Delegation;
import dev.custody.identity.SpiffeId;
import dev.custody.index.IndexSearch;
import dev.custody.local.DelegationDesk;
import dev.custody.local.Installation;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Term;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Delegations: what a human lets an agent do. */
@Command(
    name = "delegate",
    mixinStandardHelpOptions = true,
    description = "Delegations: what a human lets an agent do, until when.",
    subcommands = {
      DelegateCommand.Grant.class,
      DelegateCommand.ListGrants.class,
      DelegateCommand.Show.class,
      DelegateCommand.Revoke.class,
      DelegateVerifyCommand.class
    })
final class DelegateCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DelegateCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, found none: grant, list, show, revoke or verify");
  }

  java.nio.file.Path data() {
    return custody.data();
  }

  /** Grants one. */
  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = {
        "Signs a delegation with the human's own key, which the organisation's root vouches for, and records it.",
        "Actions and resources are patterns: * is any run of characters, ? is one; docs/scope.md says the rest.",
        "Refuses to run inside a coding agent: an agent must not widen its own scope."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  custody delegate grant --human dana@example.test --agent claude-code --project acme-api \\",
        "      --action 's3:Get*' --action 's3:List*' --for 8h",
        "  custody delegate grant --human dana@example.test --agent spiffe://local/agent/claude-code \\",
        "      --action 's3:*' --resource 'arn:aws:s3:::acme-dev-*' --for 2h --purpose 'move the builds'"
      })
  static final class Grant implements Callable<Integer> {
    @ParentCommand private DelegateCommand parent;

    @Option(
        names = "--human",
        required = true,
        paramLabel = "WHO",
        description = "Who delegates: the e-mail address that their repositories carry.")
    private String human;

    @Option(
        names = "--agent",
        required = true,
        paramLabel = "AGENT",
        description =
            "Product, such as claude-code, or a SPIFFE ID; one above several covers them all.")
    private String agent;

    @Option(
        names = "--project",
        paramLabel = "NAME",
        description = "Project that the agent works in; every project when not given.")
    private @Nullable String project;

    @Option(
        names = "--action",
        required = true,
        paramLabel = "PATTERN",
        description = "What is allowed, such as s3:Get*; may be given again.")
    private List<String> actions = new ArrayList<>();

    @Option(
        names = "--resource",
        paramLabel = "PATTERN",
        description = "On what, such as arn:aws:s3:::acme-*; everything when not given.")
    private List<String> resources = new ArrayList<>();

    @Option(
        names = "--for",
        required = true,
        paramLabel = "TIME",
        description = "How long: 30m, 8h, 7d.")
    private String duration;

    @Option(
        names = "--not-before",
        paramLabel = "WHEN",
        description = "Start, such as 2026-11-22T13:00:00Z; now when not given.")
    private @Nullable String notBefore;

    @Option(names = "--purpose", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String purpose;

    @Option(
        names = "--session",
        paramLabel = "ID",
        description = "For this agent session only: it ends when the session does.")
    private @Nullable String session;

    @Option(
        names = "--max-depth",
        paramLabel = "N",
        defaultValue = "1",
        description =
            "How many times it may be handed on, 0 to 8: 0 is for no sub-agent; ${DEFAULT-VALUE} when not given.")
    private int maxDepth;

    @Mixin private RunOptions run;
    @Mixin private RootKeyOptions rootKeys;

    @SuppressWarnings("NullAway.Init")
    Grant() {}

    @Override
    public Integer call() {
      AgentProcess.refuse();
      DelegationDesk.Request request = request();
      return Writing.run(
          parent.custody.data(),
          run,
          collector -> {
            String id =
                run.starting(() ->
                    DelegationDesk.grant(
                        Installation.open(
                            parent.custody.data(),
                            run.protection(parent.custody.data()),
                            rootKeys.place()),
                        request,
                        collector));
            System.out.println(
                "granted "
                    + id
                    + " by "
                    + Terminal.clean(human)
                    + " to "
                    + request.delegate()
                    + " until "
                    + request.expiresAt());
            System.out.flush();
            return ExitCode.FOUND;
          });
    }

    private DelegationDesk.Request request() {
      try {
        Instant start = notBefore == null ? Instant.now() : Instant.parse(notBefore);
        return new DelegationDesk.Request(
            human,
            delegate(run.trustDomain(), agent, project),
            actions,
            resources.isEmpty() ? List.of("*") : resources,
            start,
            start.plus(length()),
            purpose,
            depth(),
            session);
      } catch (IllegalArgumentException | DateTimeParseException e) {
        throw new CouldNotRunException(
            String.valueOf(e.getMessage()), "custody delegate grant --help", e);
      }
    }

    private int depth() {
      if (maxDepth < 0 || maxDepth > Delegation.MAX_ACTORS) {
        throw new IllegalArgumentException(
            "--max-depth: expected 0 to %d, found %d".formatted(Delegation.MAX_ACTORS, maxDepth));
      }
      return maxDepth;
    }

    /**
     * Whom it is for, spelt as collectors spell the ids of agents.
     *
     * @throws IllegalArgumentException when it would be wider than what was asked for, or nobody's
     */
    static SpiffeId delegate(String trustDomain, String agent, @Nullable String project) {
      if (!agent.startsWith("spiffe://")) {
        return project == null
            ? SpiffeId.agents(trustDomain, agent)
            : SpiffeId.agent(trustDomain, agent, project);
      }
      if (project != null) {
        throw new IllegalArgumentException(
            "--project goes with a product; the SPIFFE ID names the project itself");
      }
      SpiffeId id = SpiffeId.parse(agent);
      String[] path = id.path().split("/", -1);
      String named = String.join("/", Arrays.copyOf(path, Math.min(path.length, 4)));
      if (!named.equals(named.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "--agent: expected product and project in lower case, as agents' ids have them, found "
                + id);
      }
      return id;
    }

    private Duration length() {
      if (!duration.matches("[1-9][0-9]{0,5}[mhd]")) {
        throw new IllegalArgumentException(
            "--for: expected a time such as 30m, 8h or 7d, found " + duration);
      }
      long number = Long.parseLong(duration.substring(0, duration.length() - 1));
      return switch (duration.charAt(duration.length() - 1)) {
        case 'm' -> Duration.ofMinutes(number);
        case 'h' -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the delegations that were granted, newest first.",
      footerHeading = "%nExamples:%n",
      footer = {"  custody delegate list", "  custody delegate list --json"})
  static final class ListGrants implements Callable<Integer> {
    @ParentCommand private DelegateCommand parent;
    @Mixin private OutputOptions output;

    @SuppressWarnings("NullAway.Init")
    ListGrants() {}

    @Override
    public Integer call() {
      Query query =
          new Query(
              new Condition.Is(Term.KIND, "DelegationGranted"),
              Query.Order.NEWEST_FIRST,
              output.limit());
      try (IndexSearch search = IndexSearch.open(parent.custody.index())) {
        DelegationReport report = new DelegationReport(new DelegationLookup(search), Instant.now());
        var page = search.events(query);
        return new Answers(output.json, "no delegation was granted")
            .print(
                page.items(),
                page.total() - page.items().size(),
                page.exact(),
                report::printJson,
                report::printShort);
      }
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Shows all that is known of a delegation: chain, scope, validity, what was done.",
      footerHeading = "%nExamples:%n",
      footer = {"  custody delegate show dlg-8f2a4c10b7d2"})
  static final class Show implements Callable<Integer> {
    @ParentCommand private DelegateCommand parent;

    @Parameters(paramLabel = "ID", description = "Id of the delegation.")
    private String id;

    @Mixin private OutputOptions output;

    @SuppressWarnings("NullAway.Init")
    Show() {}

    @Override
    public Integer call() {
      try (IndexSearch search = IndexSearch.open(parent.custody.index())) {
        DelegationLookup lookup = new DelegationLookup(search);
        DelegationReport report = new DelegationReport(lookup, Instant.now());
        List<Attribution> grants = lookup.grants(id);
        return new Answers(output.json, "`custody delegate list` shows what was granted")
            .print(grants, 0, true, report::printJson, report::print);
      }
    }
  }

  /** Revokes one. */
  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = {
        "Ends a delegation, and all that was handed on from it, from now on.",
        "Signed with a key of the human who granted it. Refuses to run inside a coding agent."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  custody delegate revoke dlg-8f2a4c10b7d2 --reason 'the builds are moved'"})
  static final class Revoke implements Callable<Integer> {
    @ParentCommand private DelegateCommand parent;

    @Parameters(paramLabel = "ID", description = "Id of the delegation.")
    private String id;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String reason;

    @Option(
        names = "--human",
        paramLabel = "WHO",
        description = "Who granted it; looked up in the index when not given.")
    private @Nullable String human;

    @Mixin private RunOptions run;
    @Mixin private RootKeyOptions rootKeys;

    @SuppressWarnings("NullAway.Init")
    Revoke() {}

    @Override
    public Integer call() {
      AgentProcess.refuse();
      String grantor = human == null ? grantor() : human;
      return Writing.run(
          parent.custody.data(),
          run,
          collector -> {
            String revocation =
                run.starting(() ->
                    DelegationDesk.revoke(
                        Installation.open(
                            parent.custody.data(),
                            run.protection(parent.custody.data()),
                            rootKeys.place()),
                        grantor,
                        id,
                        reason,
                        collector));
            System.out.println(
                "revoked "
                    + Terminal.clean(id)
                    + " by "
                    + Terminal.clean(grantor)
                    + ": "
                    + revocation);
            System.out.flush();
            return ExitCode.FOUND;
          });
    }

    private String grantor() {
      try (IndexSearch search = IndexSearch.open(parent.custody.index())) {
        return new DelegationLookup(search)
            .grants(id).stream()
                .map(g -> g.delegation().grantor())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() ->
                    new CouldNotRunException(
                        "no delegation " + id + " is in the index",
                        "`custody delegate list` shows them; or name who granted it: --human WHO",
                        null));
      }
    }
  }
}
