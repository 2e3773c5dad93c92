package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.attribution.Attribution;
import dev.custody.audit.RecordSource;
import dev.custody.digest.ChainId;
import dev.custody.evidence.BundleResult;
import dev.custody.evidence.BundleVerifier;
import dev.custody.evidence.BundleWriter;
import dev.custody.evidence.Evidence;
import dev.custody.evidence.EvidenceException;
import dev.custody.evidence.LogEvidence;
import dev.custody.evidence.Manifest;
import dev.custody.index.IndexSearch;
import dev.custody.index.Page;
import dev.custody.local.Release;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.QueryParser;
import dev.custody.query.QuerySyntaxException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes an evidence bundle. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes one file that proves the events which answer a query: with certificates, checkpoints,",
      "proofs and a report. Other events are withheld: only their digests are in it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody evidence export --query s3:DeleteBucket --since 7d case-17.tar",
      "  custody evidence export --query '\"docker compose\" prod' --human jane@acme.com case.tar",
      "  custody verify case-17.tar --root acme-root.pub     what its receiver does",
      "",
      "Exit codes: 0 written, 1 no event answers, 2 could not run."
    })
final class EvidenceExportCommand implements Callable<Integer>, ReadsOnly {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @ParentCommand private EvidenceCommand evidence;
  @Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--query",
      paramLabel = "WORDS",
      description =
          "Words that the events hold, as `custody search` takes them; \"...\" for a phrase.")
  private String query = "";

  @Parameters(paramLabel = "FILE", description = "The bundle; it must not exist yet.")
  private Path file;

  @Option(
      names = "--json",
      description = "One JSON object, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private FilterOptions filters;
  @Mixin private LogOptions log;

  @SuppressWarnings("NullAway.Init")
  EvidenceExportCommand() {}

  @Override
  public Integer call() throws QuerySyntaxException {
    Map<ChainId, NavigableSet<Long>> wanted = wanted();
    if (wanted.isEmpty()) {
      Terminal terminal = Output.terminal();
      terminal.line("nothing found, nothing written; `custody search` helps to find words");
      terminal.flush();
      return ExitCode.NOTHING_FOUND;
    }
    if (Files.exists(file)) {
      throw exists(null);
    }
    Path directory = directory();
    TrustedRoots roots = log.roots(evidence.custody().data());
    Path part = directory.resolve("." + file.getFileName() + ".part");
    try (RecordSource source = log.source(evidence.custody().data());
        LogEvidence read = LogEvidence.read(source, roots, wanted, directory)) {
      write(read.provenBy(evidence.custody().data().resolve("log")), directory, part);
      BundleResult result = new BundleVerifier(roots, null, List.of()).verify(part);
      Files.move(part, file);
      new BundleReport(Output.terminal()).written(file, result, json);
      return ExitCode.FOUND;
    } catch (FileAlreadyExistsException e) {
      throw exists(e);
    } catch (IOException e) {
      throw log.unreadable(e);
    } catch (EvidenceException e) {
      throw new CouldNotRunException(String.valueOf(e.getMessage()), e.hint(), e);
    } finally {
      delete(part);
    }
  }

  private Map<ChainId, NavigableSet<Long>> wanted() throws QuerySyntaxException {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(query);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    Query parsed =
        new QueryParser(Clock.systemUTC().instant())
            .search(words, filters.filters(), Order.OLDEST_FIRST, Evidence.MAX_DISCLOSED);
    Map<ChainId, NavigableSet<Long>> wanted = new LinkedHashMap<>();
    try (IndexSearch search = IndexSearch.open(evidence.custody().index())) {
      Page<Attribution> page = search.events(parsed);
      if (page.total() > page.items().size()) {
        throw new CouldNotRunException(
            "expected at most %d events, found more".formatted(Evidence.MAX_DISCLOSED),
            "ask for less: --since, --until, more words",
            null);
      }
      page.items()
          .forEach(event ->
              wanted
                  .computeIfAbsent(event.position().chain(), c -> new TreeSet<>())
                  .add(event.position().sequence()));
    }
    return wanted;
  }

  private Path directory() {
    Path directory = file.toAbsolutePath().normalize().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new CouldNotRunException(
          "expected a directory to write %s to, found none".formatted(file),
          "make it first, or name another file",
          null);
    }
    return directory;
  }

  private void write(Evidence from, Path directory, Path part)
      throws IOException, EvidenceException {
    Manifest claims = new Manifest("custody " + Release.VERSION, Instant.now(), asked(), List.of());
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING))) {
      BundleWriter.write(from, claims, directory, out);
    }
  }

  /** What was typed, options included: the claim in the manifest. */
  private String asked() {
    List<String> typed = new ArrayList<>();
    if (!query.isEmpty()) {
      typed.add(query);
    }
    spec.options().stream()
        .filter(o -> spec.commandLine().getParseResult().hasMatchedOption(o))
        .filter(o -> isFilter(o.longestName()))
        .forEach(o ->
            typed.add(
                o.longestName()
                    + " "
                    + String.join(
                        " ",
                        spec.commandLine()
                            .getParseResult()
                            .matchedOption(o.longestName())
                            .originalStringValues())));
    return String.join(" ", typed);
  }

  private static boolean isFilter(String option) {
    return !List.of("--query", "--json", "--root", "--bootstrap-servers", "--data")
        .contains(option);
  }

  private CouldNotRunException exists(@org.jspecify.annotations.Nullable Exception cause) {
    return new CouldNotRunException(
        "%s exists: expected a new file".formatted(file), "name another file", cause);
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "%s cannot be deleted: %s".formatted(part, e.getMessage()), "delete it", e);
    }
  }
}
