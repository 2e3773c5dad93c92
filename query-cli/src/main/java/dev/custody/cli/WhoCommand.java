package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.index.IndexSearch;
import dev.custody.index.Page;
import dev.custody.query.Query;
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

/** Which agent, for which human, under whose delegation, did something. */
@Command(
    name = "who",
    mixinStandardHelpOptions = true,
    description = "Who did it: agent, human, delegation, prompt, tool call, and how that is known.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody who s3:DeleteBucket                           an action; wildcards: 's3:Delete*'",
      "  custody who --resource 'arn:aws:s3:::acme-*' --since 7d",
      "  custody who touched .env                              a file, also when it was refused",
      "  custody who commit 1a2b3c4                            a commit, by 4 digits or more",
      "  custody who AKIA2E0A8F3B244C9986                      an access key, an ARN, any id",
      "  custody who s3:DeleteBucket --history                 what was answered before, and why",
      "  custody who s3:DeleteBucket --json                    for programs"
    })
final class WhoCommand implements Callable<Integer>, ReadsOnly {
  /**
   * Requests whose end is known are left out: more is read than is shown, and what is read is
   * counted exactly.
   */
  private static final int READ_AT_LEAST = 100;

  private static final int READ_FOR_ONE = 3;

  @ParentCommand private CustodyCommand custody;

  @Parameters(paramLabel = "WORD", description = "What was done, to what, or by what id.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--history",
      description = "Shows the earlier answers that a re-attribution replaced.")
  private boolean history;

  @Mixin private FilterOptions filters;
  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  WhoCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    int limit = output.limit();
    Query query = new QueryParser(Clock.systemUTC().instant()).who(words, filters.filters(), limit);
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      Lookup lookup = new Lookup(search);
      TrustView trust = TrustView.of(custody.data(), search);
      long read = Math.max(READ_AT_LEAST, (long) READ_FOR_ONE * limit);
      Page<Attribution> page =
          search.events(query.limitedTo((int) Math.min(Integer.MAX_VALUE, read)));
      Witnesses witnesses =
          Witnesses.of(page.items().stream().filter(event -> !lookup.isSuperseded(event)).toList());
      List<Attribution> answers = witnesses.speaking();
      List<Attribution> shown = answers.stream().limit(limit).toList();
      return new Answers(output.json, "custody search WORDS looks at every event")
          .print(
              shown,
              answers.size() - shown.size() + page.total() - page.items().size(),
              page.exact(),
              (lines, event) ->
                  lines.event(
                      event,
                      JsonLines.Beside.of(event, trust, lookup).with(witnesses.beside(event))),
              (terminal, event) ->
                  new WhoReport(terminal, lookup, trust)
                      .print(event, witnesses.beside(event), history));
    }
  }
}
