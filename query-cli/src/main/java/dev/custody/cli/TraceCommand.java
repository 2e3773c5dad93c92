package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.TraceEdge;
import dev.custody.index.IndexSearch;
import dev.custody.query.Query;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** All that came of a prompt, as a tree. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description =
        "What came of a prompt: tool calls, credentials, cloud calls, commits, as a tree with a"
            + " grade on each edge.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody trace 69689aad      a prompt or a session, by its beginning",
      "  custody trace d6256e0       the prompt that led to a commit",
      "  custody trace 019a9c1e-7b1d-7c3e-9f10-0123456789ab   ... or to an event",
      "  custody trace 69689aad --json   one edge a line"
    })
final class TraceCommand implements Callable<Integer>, ReadsOnly {
  /** Most events of a session whose prompts are looked at. */
  private static final int MOST_EVENTS = 10_000;

  @ParentCommand private CustodyCommand custody;

  @Parameters(
      paramLabel = "PROMPT|EVENT|SESSION|COMMIT",
      description = "Whole, or the first 4 characters and more; an event whole.")
  private String start;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  TraceCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    int limit = output.limit();
    QueryParser parser = new QueryParser(Clock.systemUTC().instant());
    Query query = parser.trace(start, MOST_EVENTS);
    try (IndexSearch search = IndexSearch.open(custody.index())) {
      List<Attribution> events = search.events(query).items();
      List<String> prompts = List.copyOf(prompts(events));
      if (prompts.isEmpty() && !events.isEmpty()) {
        return withoutPrompt(events.getFirst(), search);
      }
      return output.json
          ? edges(search, prompts)
          : new Answers(false, "custody search " + start + " looks at every event")
              .print(
                  prompts.stream().limit(limit).toList(),
                  Math.max(0, prompts.size() - limit),
                  true,
                  (lines, prompt) -> {},
                  (terminal, prompt) ->
                      new TraceTree(terminal, new Lookup(search))
                          .print(prompt, search.edgesOf(prompt)));
    }
  }

  private int edges(IndexSearch search, List<String> prompts) {
    List<TraceEdge> edges = prompts.stream().flatMap(p -> search.edgesOf(p).stream()).toList();
    return new Answers(true, "").print(edges, 0, true, JsonLines::edge, (terminal, edge) -> {});
  }

  /** The prompts that {@link #start} names itself; else those that led to what it names. */
  private Set<String> prompts(List<Attribution> events) {
    Set<String> named = new LinkedHashSet<>();
    Set<String> led = new LinkedHashSet<>();
    for (Attribution event : events) {
      Stream.concat(Stream.of(event.best()), event.rivals().stream())
          .forEach(candidate -> sort(candidate, named, led));
    }
    return named.isEmpty() ? led : named;
  }

  private void sort(Candidate candidate, Set<String> named, Set<String> led) {
    String prompt = candidate.prompt();
    if (prompt == null) {
      return;
    }
    led.add(prompt);
    String session = candidate.session();
    if (prompt.startsWith(start) || (session != null && session.startsWith(start))) {
      named.add(prompt);
    }
  }

  private int withoutPrompt(Attribution event, IndexSearch search) {
    if (!output.json) {
      Terminal terminal = Output.terminal();
      new WhoReport(terminal, new Lookup(search), TrustView.of(custody.data(), search))
          .print(event, List.of(), false);
      terminal.line("no prompt is known to have led to it: there is no trace to draw");
      terminal.flush();
    }
    return ExitCode.NOTHING_FOUND;
  }
}
