package dev.custody.cli;

import dev.custody.index.IndexSearch;
import dev.custody.index.Page;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Findings, newest first. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = "What the rules found, newest first, with its evidence and the next step.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody alerts --since 24h",
      "  custody alerts --severity High --severity Critical",
      "  custody alerts --session 69689aad-5b97-4537-b976-2744f2b85ffa",
      "  custody alerts --json                    OCSF 1.8.0 Detection Findings as they are"
    })
final class AlertsCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private CustodyCommand custody;

  @Parameters(paramLabel = "WORD", description = "Words of the finding; ids, ARNs.")
  private List<String> words = new ArrayList<>();

  @Mixin private AlertFilterOptions filters;
  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  AlertsCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    Query query =
        new QueryParser(Clock.systemUTC().instant())
            .search(words, filters.filters(), Order.NEWEST_FIRST, output.limit());
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      Page<String> page = search.findings(query);
      TrustView trust = TrustView.of(custody.data(), search);
      return new Answers(output.json, "no rule has found anything like it")
          .print(
              page.items(),
              page.total() - page.items().size(),
              page.exact(),
              JsonLines::raw,
              (terminal, finding) ->
                  new AlertReport(terminal, new Lookup(search), trust).print(finding));
    }
  }
}
