package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Channel;
import dev.custody.coverage.Counter;
import dev.custody.coverage.Numbers;
import dev.custody.index.IndexSearch;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import dev.custody.query.Term;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
  /** Of more events than this the oldest are not looked at: of all, and of each session. */
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
    Instant now = Clock.systemUTC().instant();
    Query query =
        new QueryParser(now)
            .search(List.of(), filters.filters(), Query.Order.NEWEST_FIRST, MOST_EVENTS);
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      Set<String> sessions = new LinkedHashSet<>();
      for (Attribution event : search.events(query).items()) {
        String session = event.best().session();
        if (session != null && Channel.of(event.source().kind()) != null) {
          sessions.add(session);
        }
      }
      List<HeardSession> found = new ArrayList<>();
      sessions.forEach(session ->
          found.add(
              new HeardSession(session, of(search, session), run -> numbersOf(search, run), now)));
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

  // What the filters left out of it would seem to be missing.
  private static List<Attribution> of(IndexSearch search, String session) {
    return search.events(newest(new Condition.Is(Term.SESSION, session))).items().stream()
        .filter(event -> session.equals(event.best().session()))
        .toList();
  }

  private static Numbers numbersOf(IndexSearch search, String run) {
    Numbers numbers = Numbers.NONE;
    Condition ofRun = new Condition.StartsWith(Term.IDENTIFIER, Counter.idsOfRun(run));
    for (Attribution event : search.events(newest(ofRun)).items()) {
      Counter counter = Counter.of(event.source());
      Long number = event.source().sequence();
      if (counter != null && number != null && counter.name().equals(run)) {
        numbers = numbers.with(number);
      }
    }
    return numbers;
  }

  private static Query newest(Condition condition) {
    return new Query(condition, Query.Order.NEWEST_FIRST, MOST_EVENTS);
  }
}
