package dev.custody.cli;

import dev.custody.digest.Digest;
import dev.custody.merkle.NodeReader;
import dev.custody.merkle.Proofs;
import dev.custody.note.VerifierKey;
import dev.custody.tiles.PublishedLogs;
import dev.custody.tiles.PublishedLogs.Entry;
import dev.custody.tiles.PublishedLogs.Shown;
import dev.custody.tlog.LogOrigin;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

/** The transparency log: what it says, and proofs from it. */
@Command(
    name = "tlog",
    mixinStandardHelpOptions = true,
    description = {
      "The transparency log: one for each partition, in the formats of C2SP (tlog-tiles,"
          + " tlog-checkpoint, tlog-proof).",
      "LOG is an origin, a partition, or PARTITION/GENERATION; POSITION is CHAIN#SEQUENCE."
    },
    subcommands = {
      TlogCommand.ListLogs.class,
      TlogCommand.Vkey.class,
      TlogCommand.Export.class,
      TlogCommand.Prove.class,
      TlogCommand.Consistency.class,
      TlogServeCommand.class,
      TlogKeyCommand.class,
      TlogRegisterCommand.class,
      TlogReopenCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody tlog list",
      "  custody tlog export 0 /mnt/usb/log-0",
      "  custody tlog prove 7f3a01bc#42 --out 42.tlog-proof",
      "  custody tlog consistency 0 1000 2000"
    })
final class TlogCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  TlogCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected a command, found none: one of " + String.join(", ", spec.subcommands().keySet()));
  }

  Path data() {
    return custody.data();
  }

  private static CouldNotRunException unreadable(IOException e) {
    return new CouldNotRunException(
        "the log cannot be read: " + e.getMessage(), "custody verify", e);
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the logs: origin, size and root of the newest checkpoint.")
  static final class ListLogs implements Callable<Integer> {
    @ParentCommand private TlogCommand parent;
    @Mixin private LogPlace place;

    @Option(names = "--json", description = "One JSON object a line, for programs.")
    private boolean json;

    @SuppressWarnings("NullAway.Init")
    ListLogs() {}

    @Override
    public Integer call() {
      PublishedLogs logs = place.open(parent.data());
      PrintStream out = Output.stream();
      try {
        for (LogOrigin origin : logs.list().logs()) {
          print(origin, logs.shown(origin), out);
        }
      } catch (IOException e) {
        throw unreadable(e);
      }
      out.flush();
      return ExitCode.FOUND;
    }

    private void print(LogOrigin origin, Optional<Shown> shown, PrintStream out) {
      long size = shown.map(s -> s.head().size()).orElse(0L);
      String root = shown.map(s -> s.head().root().base64()).orElse("-");
      int signatures = shown.map(s -> s.note().signatures().size()).orElse(0);
      if (json) {
        new JsonLines(out)
            .line(line -> {
              line.writeStringField("kind", "Log");
              line.writeStringField("origin", origin.toString());
              line.writeNumberField("size", size);
              line.writeStringField("root", root);
              line.writeNumberField("signatures", signatures);
            });
      } else {
        out.printf(
            "%s  size %d  root %s  %s%n",
            origin, size, root, signatures == 1 ? "signed by the log" : signatures + " signatures");
      }
    }
  }

  /** Prints keys. */
  @Command(
      name = "vkey",
      mixinStandardHelpOptions = true,
      description = "Prints the verifier keys of a log (C2SP vkey), the one in use last.")
  static final class Vkey implements Callable<Integer> {
    @ParentCommand private TlogCommand parent;
    @Mixin private LogPlace place;

    @Parameters(paramLabel = "LOG", description = "Origin, partition, or PARTITION/GENERATION.")
    private String log;

    @SuppressWarnings("NullAway.Init")
    Vkey() {}

    @Override
    public Integer call() {
      PublishedLogs logs = place.open(parent.data());
      List<VerifierKey> keys = logs.list().keysOf(LogPlace.log(logs, log).origin());
      keys.forEach(key -> Output.stream().println(key));
      return ExitCode.FOUND;
    }
  }

  /** Copies a log. */
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Writes a log as a directory of tiles (C2SP tlog-tiles), with its checkpoint and the list of"
            + " logs.",
        "It holds link statements only: no prompt, no secret. custody verify DIR checks it."
      })
  static final class Export implements Callable<Integer> {
    @ParentCommand private TlogCommand parent;
    @Mixin private LogPlace place;

    @Parameters(paramLabel = "LOG", description = "Origin, partition, or PARTITION/GENERATION.")
    private String log;

    @Parameters(paramLabel = "DIR", description = "A directory that does not exist, or is empty.")
    private Path target;

    @SuppressWarnings("NullAway.Init")
    Export() {}

    @Override
    public Integer call() {
      PublishedLogs logs = place.open(parent.data());
      Shown shown = LogPlace.log(logs, log);
      try {
        Files.createDirectories(target);
        requireEmpty();
        int tiles = logs.export(shown, target);
        Output.stream()
            .printf(
                "%s: %d entries in %d tiles to %s%n",
                shown.origin(), shown.head().size(), tiles, target);
        return ExitCode.FOUND;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private void requireEmpty() throws IOException {
      try (var entries = Files.list(target)) {
        if (entries.findAny().isPresent()) {
          throw new CouldNotRunException(
              "%s: expected an empty directory, found files".formatted(target),
              "name one that does not exist yet",
              null);
        }
      }
    }
  }

  /** Proves that a record is in its log. */
  @Command(
      name = "prove",
      mixinStandardHelpOptions = true,
      description =
          "Writes an inclusion proof of a record (C2SP tlog-proof); reads the logs through to find"
              + " it.")
  static final class Prove implements Callable<Integer> {
    @ParentCommand private TlogCommand parent;
    @Mixin private LogPlace place;

    @Parameters(paramLabel = "POSITION", description = "CHAIN#SEQUENCE, such as 7f3a01bc#42.")
    private String position;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Where to write it; standard output when not given.")
    private @Nullable Path out;

    @SuppressWarnings("NullAway.Init")
    Prove() {}

    @Override
    public Integer call() {
      PublishedLogs logs = place.open(parent.data());
      try {
        Optional<Entry> found = logs.find(LogPlace.position(position));
        if (found.isEmpty()) {
          System.err.println(
              "no entry at " + Terminal.clean(position) + " under a checkpoint of any log");
          return ExitCode.NOTHING_FOUND;
        }
        byte[] proof = found.get().proof().encode();
        if (!found.get().proof().includes(found.get().leaf())) {
          throw new CouldNotRunException(
              "the proof from the stored tiles does not hold", "custody verify", null);
        }
        if (out == null) {
          PrintStream stream = Output.stream();
          stream.write(proof, 0, proof.length);
          stream.flush();
        } else {
          Files.write(out, proof);
        }
        System.err.printf(
            "entry %d of %s; leaf hash %s%n",
            found.get().index(), found.get().log().origin(), found.get().leaf().hex());
        return ExitCode.FOUND;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }

  /** Proves that one size of a log continues another. */
  @Command(
      name = "consistency",
      mixinStandardHelpOptions = true,
      description = {
        "Prints a consistency proof (RFC 6962) between two sizes of a log: both sizes and roots, an"
            + " empty line, and the hashes in base64, one a line."
      })
  static final class Consistency implements Callable<Integer> {
    @ParentCommand private TlogCommand parent;
    @Mixin private LogPlace place;

    @Parameters(paramLabel = "LOG", description = "Origin, partition, or PARTITION/GENERATION.")
    private String log;

    @Parameters(paramLabel = "FROM", description = "The smaller size, 1 or more.")
    private long from;

    @Parameters(paramLabel = "TO", description = "The larger size.")
    private long to;

    @SuppressWarnings("NullAway.Init")
    Consistency() {}

    @Override
    public Integer call() {
      PublishedLogs logs = place.open(parent.data());
      Shown shown = LogPlace.log(logs, log);
      long size = shown.head().size();
      if (from < 1 || from > to || to > size) {
        throw new CouldNotRunException(
            "expected 1 <= FROM <= TO <= %d, found %d and %d".formatted(size, from, to),
            "custody tlog list",
            null);
      }
      try {
        NodeReader nodes = shown.tiles().nodes(size);
        StringBuilder text = new StringBuilder();
        for (long at : new long[] {from, to}) {
          Digest root = Proofs.root(at, nodes);
          text.append(at).append(' ').append(root.base64()).append('\n');
        }
        text.append('\n');
        Proofs.consistency(from, to, nodes)
            .forEach(hash -> text.append(hash.base64()).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        PrintStream out = Output.stream();
        out.write(bytes, 0, bytes.length);
        out.flush();
        return ExitCode.FOUND;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
