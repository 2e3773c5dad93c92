package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.evidence.BundleResult;
import dev.custody.evidence.BundleVerifier;
import dev.custody.note.NoteException;
import dev.custody.note.VerifierKey;
import dev.custody.tiles.TileDirectory;
import dev.custody.tiles.TileDirectoryAudit;
import dev.custody.trust.Revocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what somebody was given: an evidence bundle, or an exported log.
 *
 * @param path the file or the directory
 * @param rootFile the auditor's roots, null when none was named
 * @param vkey the log's key in the auditor's hand, null to go by the list of logs
 */
record OfflineVerification(
    Path path,
    @Nullable Path rootFile,
    @Nullable String vkey,
    AuditorOptions auditor,
    boolean json) {

  int run() {
    try {
      return Files.isRegularFile(path.resolve(TileDirectory.CHECKPOINT)) ? directory() : bundle();
    } catch (IOException e) {
      throw new CouldNotRunException(
          "%s cannot be read: %s".formatted(path, e.getMessage()), "see who may read it", e);
    }
  }

  private int bundle() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new CouldNotRunException(
          "expected an evidence bundle or an exported log at %s, found %s"
              .formatted(path, Files.exists(path) ? "neither" : "nothing"),
          "name what `custody evidence export` or `custody tlog export` wrote",
          null);
    }
    TrustedRoots roots = roots();
    BundleVerifier verifier =
        new BundleVerifier(roots, auditor.policy(), auditor.keptNotes(), revocations(roots));
    BundleResult result = verifier.verify(path);
    if (json) {
      BundleReport.printJson(result);
    } else {
      new BundleReport(Output.terminal()).print(result);
    }
    return result.intact() ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }

  private Revocations revocations(@Nullable TrustedRoots roots) {
    if (roots != null) {
      return auditor.revocations(roots);
    }
    if (auditor.bringsRevocations()) {
      throw new CouldNotRunException(
          "--revocations: expected the root that signed them, found none",
          "name it too: --root FILE",
          null);
    }
    return Revocations.NONE;
  }

  private int directory() throws IOException {
    TrustedRoots roots = roots();
    if (roots == null && vkey == null) {
      throw new CouldNotRunException(
          "expected a key to trust for the log in %s, found none".formatted(path),
          "name the organisation's root keys, or the log's own key: --root FILE or --vkey KEY",
          null);
    }
    ExportedLog log = new ExportedLog(path, roots, key());
    TileDirectoryAudit.Result result = log.audit(auditor.policy(), auditor.keptNotes());
    new DirectoryReport(path).print(result, json);
    return result.intact() ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }

  private @Nullable VerifierKey key() {
    try {
      return vkey == null ? null : VerifierKey.parse(vkey);
    } catch (NoteException e) {
      throw new CouldNotRunException(
          "--vkey: " + e.getMessage(), "`custody tlog vkey LOG` prints it", e);
    }
  }

  private @Nullable TrustedRoots roots() {
    if (rootFile == null) {
      return null;
    }
    try {
      return TrustedRoots.read(rootFile);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "root key file cannot be used: " + e,
          "name the file of the organisation's public root keys: --root FILE",
          e);
    }
  }
}
