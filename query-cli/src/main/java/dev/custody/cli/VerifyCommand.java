package dev.custody.cli;

import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.admission.TrustedRoots;
import dev.custody.audit.Audit;
import dev.custody.audit.AuditOptions;
import dev.custody.audit.AuditReport;
import dev.custody.audit.Failure;
import dev.custody.audit.LogAudit;
import dev.custody.audit.LogAudit.KeptCheckpoint;
import dev.custody.audit.LogDirectorySource;
import dev.custody.audit.RecordSource;
import dev.custody.audit.TopicClient;
import dev.custody.audit.TopicFiles;
import dev.custody.audit.TopicRecords;
import dev.custody.audit.TopicSource;
import dev.custody.audit.TrustAudit;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Verifies the log, from the stored bytes and the organisation's root key alone. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Verifies every record of the log: seals, chains, how the chains follow each other, and that"
          + " the transparency log holds these records and no others.",
      "It reads Kafka's own files, while `custody up` runs or not, or a copy of them; or, with"
          + " --bootstrap-servers, the topic."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody verify",
      "  custody verify --data /backup/custody --root acme-root.pub",
      "  custody verify case-17.tar --root acme-root.pub      an evidence bundle, offline",
      "  custody verify --bootstrap-servers kafka:9092 --root acme-root.pub --json",
      "  custody verify --root acme-root.pub --checkpoint kept-in-march.checkpoint",
      "",
      "Exit codes: 0 intact, 1 not intact, 2 could not run (no log, nothing in it, no root key)."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private CustodyCommand custody;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "An evidence bundle, or the directory of an exported log; else the log itself.")
  private @Nullable Path path;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Read the topic from this Kafka, in place of the files in DATA/kafka.")
  private @Nullable String servers;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description =
          "The organisation's public root keys, from a copy that you kept; without it"
              + " DATA/keys/root.pub, which whoever runs Custody could have replaced.")
  private @Nullable Path rootFile;

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private AuditorOptions auditor;

  @Option(
      names = "--signatures",
      paramLabel = "all|seals",
      defaultValue = "seals",
      description =
          "seals: check each signature once, for all records under it (the default); all: once for"
              + " each record. The verdicts are the same.")
  private String signatures = "seals";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads verify; one for each processor by default.")
  private @Nullable Integer threads;

  @Option(
      names = "--vkey",
      paramLabel = "KEY",
      description = "For an exported log: the log's verifier key, in place of --root.")
  private @Nullable String vkey;

  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    if (path != null) {
      return new OfflineVerification(path, rootFile, vkey, auditor, json).run();
    }
    Path file = rootFile == null ? custody.data().resolve("keys").resolve("root.pub") : rootFile;
    AuditOptions options = options();
    TrustedRoots roots = roots(file);
    AuditReport report = audit(withCrossSigned(roots), options);
    if (report.empty()) {
      throw new CouldNotRunException(
          "nothing to verify: expected records in %s, found none".formatted(place()),
          "record something first, or name another log: --data DIR",
          null);
    }
    VerifyReport.Root root = new VerifyReport.Root(rootFile != null, file, roots.fingerprints());
    if (json) {
      PrintStream out = Output.stream();
      VerifyReport.print(report, root, new JsonLines(out));
      out.flush();
    } else {
      Terminal terminal = Output.terminal();
      new VerifyReport(terminal, custody.data()).print(report, root);
      terminal.flush();
    }
    return report.intact() ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }

  // Whoever pinned one root of the organisation believes those that it is cross-signed with.
  private TrustedRoots withCrossSigned(TrustedRoots pinned) {
    Path operators = custody.data().resolve("keys").resolve("root.pub");
    return rootFile == null || !Files.exists(operators)
        ? pinned
        : pinned.extendedBy(roots(operators));
  }

  private AuditOptions options() {
    Signatures which =
        switch (signatures) {
          case "seals" -> Signatures.SEALS;
          case "all" -> Signatures.ALL;
          default ->
              throw new ParameterException(
                  spec.commandLine(), "expected --signatures all or seals, found " + signatures);
        };
    if (threads != null && threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "expected --threads 1 or more, found " + threads);
    }
    AuditOptions options = AuditOptions.DEFAULT.signatures(which);
    return threads == null ? options : options.threads(threads);
  }

  private TrustedRoots roots(Path file) {
    try {
      return TrustedRoots.read(file);
    } catch (NoSuchFileException e) {
      throw new CouldNotRunException(
          "no root key: expected the file " + file + ", found none",
          rootFile == null
              ? "`custody up` makes it for a new data directory; else name it: --root FILE"
              : "name the file of the organisation's public root keys",
          e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "root key file cannot be used: " + e.getMessage(),
          "name the file of the organisation's public root keys: --root FILE",
          e);
    }
  }

  private AuditReport audit(TrustedRoots roots, AuditOptions options) {
    List<KeptCheckpoint> kept = auditor.kept();
    try (RecordSource source = source();
        LogAudit logs = LogAudit.open(topics(), roots, kept);
        VerifyProgress progress = new VerifyProgress(source)) {
      TrustAudit trust = new TrustAudit(roots, auditor.revocations(roots));
      AuditReport records =
          new Audit(roots, options.admitted(logs.and(trust))).run(source, progress::tick);
      List<Failure> more = new ArrayList<>(logs.finish(source));
      more.addAll(trust.finish(source));
      return records.with(more, logs.summaries());
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the log cannot be read: " + e.getMessage(),
          servers == null
              ? "see who may read the files, or verify a copy of them"
              : "see whether that Kafka runs and has the topic, or verify its files: --data DIR",
          e);
    }
  }

  private RecordSource source() throws IOException {
    if (servers != null) {
      return new TopicSource(servers);
    }
    if (!LogDirectorySource.isPresent(logs())) {
      throw new CouldNotRunException(
          "no log: expected partitions of the topic in " + logs() + ", found none",
          Files.isDirectory(custody.data())
              ? "name another data directory: --data DIR"
              : "there is no " + custody.data() + "; name the data directory: --data DIR",
          null);
    }
    return new LogDirectorySource(logs());
  }

  private TopicRecords topics() {
    return servers == null ? new TopicFiles(logs()) : new TopicClient(servers);
  }

  private Path logs() {
    return custody.data().resolve("kafka");
  }

  private String place() {
    return servers == null ? logs().toString() : "the topic at " + servers;
  }
}
