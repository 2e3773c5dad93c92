package dev.custody.cli;

import dev.custody.index.CredentialSearch;
import dev.custody.index.CredentialSearch.Seen;
import dev.custody.index.IndexSearch;
import dev.custody.query.Query;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What agents used. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Credentials that agents' sessions used, were shown or were given, the latest first.",
      "A static one is a long-term key of a user: it ends only when somebody ends it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody credential list",
      "  custody credential list --static --since 30d",
      "  custody credential list --agent claude-code --json"
    })
final class CredentialListCommand implements Callable<Integer>, ReadsOnly {
  private static final String ANY = "";
  private static final String STATIC = "AKIA";

  @ParentCommand private CredentialCommand parent;

  @Option(names = "--static", description = "Long-term keys only.")
  private boolean onlyStatic;

  @Mixin private CredentialFilterOptions filters;
  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  CredentialListCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    int limit = output.limit();
    Instant now = Clock.systemUTC().instant();
    var condition =
        new QueryParser(now)
            .search(List.of(), filters.filters(), Query.Order.NEWEST_FIRST, limit)
            .condition();
    try (IndexSearch search = IndexSearch.open(parent.custody().index())) {
      CredentialSearch credentials = search.credentials();
      List<Seen> seen = credentials.ofAgents(onlyStatic ? STATIC : ANY, condition);
      List<CredentialView> shown =
          seen.stream()
              .limit(limit)
              .map(one -> CredentialView.of(credentials, one.id(), now))
              .toList();
      return new Answers(output.json, "custody import cloudtrail brings a cloud's records", false)
          .print(
              shown,
              seen.size() - shown.size(),
              seen.size() < CredentialSearch.MOST_CREDENTIALS,
              CredentialReport::json,
              CredentialReport::line);
    }
  }
}
