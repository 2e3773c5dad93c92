package dev.custody.cli;

import dev.custody.attribution.Attribution;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Events with all of some words, in time order. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Events that hold all of the words, in the order of time, one a line.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody search docker compose                 both words",
      "  custody search 'docker compose'               side by side",
      "  custody search --session 69689aad* --reverse  the end of a session first",
      "  custody search .env --outcome DENIED          what was refused"
    })
final class SearchCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private CustodyCommand custody;

  @Parameters(paramLabel = "WORD", description = "Words of commands, prompts, names; ids, ARNs.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--reverse", description = "Newest first.")
  private boolean reverse;

  @Mixin private FilterOptions filters;
  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  SearchCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    Query query =
        new QueryParser(Clock.systemUTC().instant())
            .search(
                words,
                filters.filters(),
                reverse ? Order.NEWEST_FIRST : Order.OLDEST_FIRST,
                output.limit());
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      Page<Attribution> page = search.events(query);
      TrustView trust = TrustView.of(custody.data(), search);
      Lookup lookup = new Lookup(search);
      return new Answers(output.json, "use fewer words or filters", false)
          .print(
              page.items(),
              page.total() - page.items().size(),
              page.exact(),
              (lines, event) -> lines.event(event, JsonLines.Beside.of(event, trust, lookup)),
              (terminal, event) -> terminal.line(new EventLine(terminal, trust).of(event)));
    }
  }
}
