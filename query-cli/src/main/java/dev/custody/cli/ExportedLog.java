package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.tiles.DirectoryFailure;
import dev.custody.tiles.LogMirror;
import dev.custody.tiles.TileDirectory;
import dev.custody.tiles.TileDirectoryAudit;
import dev.custody.tiles.TileDirectoryAudit.Result;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.WitnessPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exported log and who is trusted to have signed it; one of the two keys is there. */
record ExportedLog(Path path, @Nullable TrustedRoots roots, @Nullable VerifierKey key) {
  /** Verifies it. */
  Result audit(@Nullable WitnessPolicy policy, List<SignedNote> kept) throws IOException {
    SignedNote note;
    Checkpoint checkpoint;
    try {
      byte[] file =
          new TileDirectory(path)
              .checkpoint()
              .orElseThrow(() -> new NoSuchFileException(path.toString()));
      note = SignedNote.parse(file);
      checkpoint = verified(note);
    } catch (TlogException | NoteException | IllegalArgumentException e) {
      return refused(
          new DirectoryFailure.BadCheckpoint(
              where(TileDirectory.CHECKPOINT),
              "a checkpoint that a trusted key of the log signed",
              String.valueOf(e.getMessage())));
    } catch (BadListException e) {
      return refused(
          new DirectoryFailure.BadLogList(
              where(LogMirror.LIST),
              "a list of logs that a trusted root signed",
              String.valueOf(e.getMessage())));
    }
    Result result = TileDirectoryAudit.run(path, checkpoint, ofThisLog(kept, checkpoint));
    List<DirectoryFailure> failures = new ArrayList<>(result.failures());
    requirePolicy(policy, note, failures);
    return new Result(result.entries(), result.chains(), failures);
  }

  private static Result refused(DirectoryFailure failure) {
    return new Result(0, 0, List.of(failure));
  }

  private static DirectoryFailure.Where where(String file) {
    return new DirectoryFailure.Where(file, null, null, null);
  }

  private Checkpoint verified(SignedNote note)
      throws NoteException, TlogException, IOException, BadListException {
    VerifierKey trusted = key;
    if (trusted != null) {
      var _ = note.requireSignedBy(trusted);
      Checkpoint checkpoint = Checkpoint.of(note);
      if (!checkpoint.origin().equals(trusted.name())) {
        throw new IllegalArgumentException(
            "expected a checkpoint of %s, found one of %s"
                .formatted(trusted.name(), checkpoint.origin()));
      }
      return checkpoint;
    }
    return list().verify(LogOrigin.parse(Checkpoint.of(note).origin()), note.encode());
  }

  private LogList list() throws IOException, BadListException {
    TrustedRoots trusted = roots;
    try {
      byte[] list = Files.readAllBytes(path.resolve(LogMirror.LIST));
      return LogList.open(list, trusted == null ? List.of() : trusted.publicKeys());
    } catch (NoSuchFileException e) {
      throw new BadListException("no file " + LogMirror.LIST);
    } catch (TlogException e) {
      throw new BadListException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Checkpoint> ofThisLog(List<SignedNote> kept, Checkpoint own) {
    List<Checkpoint> same = new ArrayList<>();
    for (SignedNote note : kept) {
      try {
        Checkpoint checkpoint = Checkpoint.of(note);
        if (checkpoint.origin().equals(own.origin())) {
          same.add(checkpoint);
        }
      } catch (NoteException e) {
        throw new IllegalStateException("a kept checkpoint was parsed before", e);
      }
    }
    return same;
  }

  private static void requirePolicy(
      @Nullable WitnessPolicy policy, SignedNote note, List<DirectoryFailure> failures) {
    if (policy == null) {
      return;
    }
    String found;
    try {
      if (policy.satisfiedBy(note)) {
        return;
      }
      found = "signatures of " + policy.cosignedBy(note);
    } catch (NoteException e) {
      found = String.valueOf(e.getMessage());
    }
    failures.add(
        new DirectoryFailure.PolicyNotSatisfied(
            where(TileDirectory.CHECKPOINT),
            "the log and the quorum %s of the policy".formatted(policy.quorum()),
            found));
  }

  /** The list of logs is not to be believed. */
  private static final class BadListException extends Exception {
    private static final long serialVersionUID = 1L;

    BadListException(String message) {
      super(message);
    }
  }
}
