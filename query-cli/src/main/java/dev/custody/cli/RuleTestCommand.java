package dev.custody.cli;

import dev.custody.detect.RuleMatcher;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.local.RecordedSource;
import dev.custody.sigma.Correlation;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.RuleSet;
import dev.custody.source.records.RecordFiles;
import dev.custody.window.Correlator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts recorded input before rules, as a collector and a processor would. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Tries rules on records: each is read, redacted and made into events by the very code of the collector, and put before",
      "the rules. Prints what each record fires. Exit code 0 when something fired, 1 when nothing did, 2 when a record could not",
      "be read. Rules on what is known only later - delegations, credentials, gaps, chains - see nothing here."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody rule test --rules rules/ --source cloudtrail trail.json.gz",
      "  custody rule test --rules rules/ --source claude-code hooks.ndjson     one hook a line",
      "  ! custody rule test --rules rules/ --source github near-misses/        for a repository of rules"
    })
final class RuleTestCommand implements Callable<Integer>, ReadsOnly {
  @Parameters(
      arity = "1..*",
      paramLabel = "RECORDS",
      description = "Files, directories, or - for standard input; compressed or not.")
  private List<Path> records = List.of();

  @Option(
      names = "--rules",
      paramLabel = "PATH",
      description = "Rule files and directories; without any those that come with Custody.")
  private List<Path> rules = List.of();

  @Option(
      names = "--source",
      required = true,
      paramLabel = "SOURCE",
      description = {
        "Where the records come from: cloudtrail, gcp, github, kubernetes; or an agent whose hooks they are: claude-code, codex,",
        "gemini-cli, opencode."
      })
  private String source = "";

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private RuleContextOptions context;

  @SuppressWarnings("NullAway.Init")
  RuleTestCommand() {}

  @Override
  public Integer call() {
    LoadedRules loaded = RuleCommand.load(rules, context.context());
    Trial trial = new Trial(loaded.set());
    try {
      RecordedSource.of(source).read(records, System.in, trial);
    } catch (IllegalArgumentException e) {
      throw new CouldNotRunException("--source: " + e.getMessage(), "one of those", e);
    }
    int code =
        new Answers(json, "no rule fires on these records", false)
            .print(trial.hits(), 0, true, RuleTestCommand::write, RuleTestCommand::print);
    return trial.unread || !loaded.refused().isEmpty() ? ExitCode.COULD_NOT_RUN : code;
  }

  /** A rule that a record fired, or completed, with the records that this rests on. */
  private record Hit(RecordFiles.Item place, RuleDocument rule, List<RecordFiles.Item> evidence) {}

  /** Collects hits, and names on standard error what could not be read. */
  private static final class Trial implements RecordedSource.Sink {
    /** Of records that are all at hand none is late; it is only waited for them. */
    private static final Duration GRACE = Duration.ofDays(1);

    private final RuleMatcher matcher;
    private final RuleSet rules;
    private final Correlator correlator;
    private final Map<EventId, RecordFiles.Item> places = new HashMap<>();
    private final List<Hit> hits = new ArrayList<>();
    private boolean unread;

    Trial(RuleSet set) {
      this.matcher = new RuleMatcher(set);
      this.rules = set;
      this.correlator = new Correlator(set, GRACE);
    }

    @Override
    public void events(RecordFiles.Item place, List<Event> events) {
      for (Event event : events) {
        List<String> fired = matcher.hits(event);
        for (String id : fired) {
          if (rules.tells(id)) {
            hits.add(new Hit(place, Objects.requireNonNull(rules.document(id)), List.of(place)));
          }
        }
        if (!fired.isEmpty() && !rules.correlations().isEmpty()) {
          FieldSource fields = matcher.fields(event);
          places.put(event.id(), place);
          fired.forEach(id ->
              correlator.add(
                  event.id(), event.occurredAt(), event.observedAt(), id, fields::values));
        }
      }
    }

    /** All hits, those of correlations last. */
    List<Hit> hits() {
      List<Hit> all = new ArrayList<>(hits);
      for (Correlator.Found found : correlator.found()) {
        if (rules.tells(found.correlation().id())) {
          all.add(
              new Hit(
                  place(found.completes()),
                  found.correlation(),
                  found.evidence().stream().map(this::place).distinct().toList()));
        }
      }
      return all;
    }

    private RecordFiles.Item place(EventId event) {
      return Objects.requireNonNull(places.get(event));
    }

    @Override
    public void problem(RecordFiles.Problem problem) {
      unread = true;
      System.err.println("custody: " + Terminal.clean(problem.toString()));
    }
  }

  private static void print(Terminal terminal, Hit hit) {
    terminal.line(
        "%s:%d: %s  %s  %s%s"
            .formatted(
                hit.place.file(),
                hit.place.line(),
                RuleListCommand.level(hit.rule),
                hit.rule.id(),
                hit.rule.title(),
                hit.rule instanceof Correlation ? "  rests on " + lines(hit) : ""));
  }

  private static String lines(Hit hit) {
    return hit.evidence.stream()
        .map(place -> place.file() + ":" + place.line())
        .collect(Collectors.joining(", "));
  }

  private static void write(JsonLines lines, Hit hit) {
    lines.line(json -> {
      json.writeStringField("file", hit.place.file().toString());
      json.writeNumberField("line", hit.place.line());
      json.writeNumberField("column", hit.place.column());
      json.writeStringField("rule", hit.rule.id());
      json.writeStringField("title", hit.rule.title());
      json.writeStringField("level", RuleListCommand.level(hit.rule));
      json.writeArrayFieldStart("evidence");
      for (RecordFiles.Item place : hit.evidence) {
        json.writeString(place.file() + ":" + place.line());
      }
      json.writeEndArray();
    });
  }
}
