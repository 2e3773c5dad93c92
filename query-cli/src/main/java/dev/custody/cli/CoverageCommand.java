package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.index.IndexSearch;
import dev.custody.query.Query;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Which channels told of which session, and what is missing. */
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    description = {
      "For each session which channels told of it, and what is missing; the latest first.",
      "What is late is missing until it comes: findings wait for 15 minutes, this does not."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody coverage --since 1d",
      "  custody coverage --missing              sessions of which something is missing",
      "  custody coverage --session 69689aad* --json"
    })
final class CoverageCommand implements Callable<Integer>, ReadsOnly {
  /** Of more events than this the oldest are not looked at. */
  private static final int MOST_EVENTS = 100_000;

  @ParentCommand private CustodyCommand custody;

  @Option(names = "--missing", description = "Only sessions of which something is missing.")
  private boolean onlyMissing;

  @Mixin private FilterOptions filters;
  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  CoverageCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    Query query =
        new QueryParser(Clock.systemUTC().instant())
            .search(List.of(), filters.filters(), Query.Order.NEWEST_FIRST, MOST_EVENTS);
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      Map<String, List<Attribution>> bySession = new LinkedHashMap<>();
      for (Attribution event : search.events(query).items()) {
        String session = event.best().session();
        if (session != null && Channel.of(event.source().kind()) != null) {
          bySession.computeIfAbsent(session, s -> new ArrayList<>()).add(event);
        }
      }
      List<HeardSession> found = new ArrayList<>();
      bySession.forEach((session, events) -> found.add(new HeardSession(session, events)));
      if (onlyMissing) {
        found.removeIf(HeardSession::isWhole);
      }
      List<HeardSession> shown = found.stream().limit(output.limit()).toList();
      return new Answers(
              output.json,
              onlyMissing ? "nothing is known to be missing" : "no session was heard of then")
          .print(
              shown,
              found.size() - shown.size(),
              true,
              CoverageReport::json,
              CoverageReport::print);
    }
  }
}
