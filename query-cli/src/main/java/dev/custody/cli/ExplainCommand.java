package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.RecordSource;
import dev.custody.explain.Explainer;
import dev.custody.explain.Explanation;
import dev.custody.explain.PositionQuery;
import dev.custody.tiles.PublishedLogs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One position of a chain, as it is stored. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Shows what is stored at one position of a chain, and why it verifies or not.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody explain 7f3a0c12#42        by the first digits of the chain",
      "  custody explain 7f3a0c12#42 --json",
      "",
      "Exit codes: 0 it verifies, 1 it does not or nothing is there, 2 could not run."
    })
final class ExplainCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private CustodyCommand custody;

  @Parameters(
      paramLabel = "POSITION",
      description = "CHAIN#SEQUENCE, of the chain 4 digits or more.")
  private String position;

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private LogOptions log;

  @SuppressWarnings("NullAway.Init")
  ExplainCommand() {}

  @Override
  public Integer call() {
    PositionQuery query = query();
    TrustedRoots roots = log.roots(custody.data());
    Explainer.Answer answer;
    try (RecordSource source = log.source(custody.data())) {
      answer = Explainer.explain(source, roots, query);
    } catch (IOException e) {
      throw log.unreadable(e);
    }
    Explanation explanation = only(query, answer);
    InLog place = InLog.search(this, roots, explanation);
    if (json) {
      PrintStream out = Output.stream();
      ExplainReport.printJson(explanation, place, new JsonLines(out));
      out.flush();
    } else {
      Terminal terminal = Output.terminal();
      new ExplainReport(terminal, custody.data()).print(explanation, place, answer.damaged());
      terminal.flush();
    }
    return explanation.sound() ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }

  private PositionQuery query() {
    try {
      return PositionQuery.parse(position);
    } catch (IllegalArgumentException e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "`custody verify` names positions like this", e);
    }
  }

  private static Explanation only(PositionQuery query, Explainer.Answer answer) {
    if (answer.chains().size() == 1) {
      return answer.chains().getFirst();
    }
    if (answer.chains().isEmpty()) {
      throw new CouldNotRunException(
          "no chain begins with %s".formatted(query.chain()),
          "`custody verify` lists the chains",
          null);
    }
    throw new CouldNotRunException(
        "%d chains begin with %s: %s"
            .formatted(
                answer.chains().size(),
                query.chain(),
                answer.chains().stream()
                    .limit(8)
                    .map(e -> e.chain().hex())
                    .collect(Collectors.joining(", "))),
        "type more digits",
        null);
  }

  /**
   * Where the position is in the transparency log, as the mirror in the data directory has it.
   *
   * @param found null when it is not there
   * @param why what stands against saying more, or null
   */
  record InLog(PublishedLogs.@Nullable Entry found, @Nullable String why) {
    private static InLog search(ExplainCommand command, TrustedRoots roots, Explanation position) {
      if (position.records().isEmpty()) {
        return new InLog(null, null);
      }
      int partition = position.records().getFirst().place().partition();
      try {
        PublishedLogs logs = PublishedLogs.open(command.custody.data().resolve("log"), roots);
        AtomicReference<PublishedLogs.@Nullable Entry> found = new AtomicReference<>();
        for (PublishedLogs.Shown log : logs.shownOf(partition)) {
          PublishedLogs.read(
              log,
              entry -> {
                if (entry.link().chain().equals(position.chain())
                    && entry.link().sequence() == position.sequence()) {
                  found.set(entry);
                }
                return found.get() == null;
              });
          if (found.get() != null) {
            return new InLog(found.get(), null);
          }
        }
        return new InLog(null, "no checkpoint covers it yet");
      } catch (NoSuchFileException e) {
        return new InLog(null, "there is no mirror of the log here");
      } catch (IOException e) {
        return new InLog(null, String.valueOf(e.getMessage()));
      }
    }
  }
}
