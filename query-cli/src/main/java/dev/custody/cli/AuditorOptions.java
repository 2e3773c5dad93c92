package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.LogAudit.KeptCheckpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.trust.Revocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an auditor brings along: checkpoints, revocations, and the witnesses whom they believe. */
final class AuditorOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "A checkpoint that you kept: the log must still hold what it held then. Repeatable; a"
              + " directory stands for the files in it.")
  private List<Path> files = List.of();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "Witnesses and quorum (C2SP tlog-policy): each --checkpoint must be cosigned accordingly.")
  private @Nullable Path policyFile;

  @Option(
      names = "--revocations",
      paramLabel = "FILE",
      description =
          "Revocations that the root signed and that you were given; those in the log count anyway.")
  private @Nullable Path revocationFile;

  /** The revocations that the auditor brings along. */
  Revocations revocations(TrustedRoots roots) {
    Path file = revocationFile;
    try {
      return file == null ? Revocations.NONE : Revocations.read(file, roots);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "%s: %s".formatted(file, e.getMessage()),
          "name a file that custody keys revoke wrote",
          e);
    }
  }

  /** Whether the auditor brings revocations along. */
  boolean bringsRevocations() {
    return revocationFile != null;
  }

  /** Reads them. */
  List<KeptCheckpoint> kept() {
    WitnessPolicy policy = policy();
    if (policy != null && files.isEmpty()) {
      throw new CouldNotRunException(
          "--policy judges the checkpoints that you name, found none",
          "fetch LOG/checkpoint from where the log is served, and name it: --checkpoint FILE",
          null);
    }
    List<KeptCheckpoint> kept = new ArrayList<>();
    for (Path file : expanded()) {
      kept.add(read(file, policy));
    }
    return kept;
  }

  /** Reads them as they are, for who has the policy judge other checkpoints. */
  List<SignedNote> keptNotes() {
    return expanded().stream().map(file -> read(file, null).note()).toList();
  }

  private List<Path> expanded() {
    List<Path> all = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isDirectory(file)) {
        all.add(file);
        continue;
      }
      try (var inside = Files.list(file)) {
        inside.filter(Files::isRegularFile).sorted().forEach(all::add);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return all;
  }

  private static KeptCheckpoint read(Path file, @Nullable WitnessPolicy policy) {
    try {
      KeptCheckpoint kept = KeptCheckpoint.parse(file.toString(), Files.readAllBytes(file));
      var _ = LogOrigin.parse(kept.checkpoint().origin());
      if (policy != null && !policy.satisfiedBy(kept.note())) {
        throw new CouldNotRunException(
            file
                + ": expected the cosignatures that the policy asks for, found those of "
                + policy.cosignedBy(kept.note()),
            "fetch one that enough witnesses have signed, or name another policy",
            null);
      }
      return kept;
    } catch (NoteException | IllegalArgumentException e) {
      throw new CouldNotRunException(
          "%s is no checkpoint: %s".formatted(file, e.getMessage()),
          "name a file that you fetched as LOG/checkpoint, unchanged",
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The policy, null when there is none. */
  @Nullable WitnessPolicy policy() {
    Path file = policyFile;
    if (file == null) {
      return null;
    }
    try {
      return WitnessPolicy.parse(Files.readAllBytes(file));
    } catch (TlogException e) {
      throw new CouldNotRunException(
          "%s is no policy: %s".formatted(file, e.getMessage()),
          "see c2sp.org/tlog-policy, and docs/tlog.md",
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CouldNotRunException unreadable(Path file, IOException e) {
    return new CouldNotRunException(
        "%s cannot be read: %s".formatted(file, e.getMessage()), "name a file that is there", e);
  }
}
