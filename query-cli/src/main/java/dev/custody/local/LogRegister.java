package dev.custody.local;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.log.LogKeys;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.Signer;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The organisation's signed list of logs, a file beside its keys. Only the root extends it: with a
 * log for each partition, another key, or another generation of a log.
 */
public final class LogRegister {
  private final Path file;
  private final TrustedRoots roots;

  /** The list in {@code file}, if there is one; it must be signed by one of {@code roots}. */
  public LogRegister(Path file, TrustedRoots roots) {
    this.file = file;
    this.roots = roots;
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  /**
   * The list in force.
   *
   * @throws StartException when the file is no list, or no trusted root signed it
   */
  public Optional<LogList> list() throws StartException {
    try {
      return Files.exists(file)
          ? Optional.of(LogList.open(Files.readAllBytes(file), roots.publicKeys()))
          : Optional.empty();
    } catch (TlogException e) {
      throw new StartException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The logs of all partitions with the key that signs for them now; where the list lacks one, the
   * root signs another list.
   *
   * @param root null where its keyset is not at hand
   * @param logKey the log's public key in force
   * @throws StartException when something is missing and the root is not at hand
   */
  public LogList complete(
      @Nullable CertificateAuthority root, Bytes logKey, int partitions, Instant now)
      throws StartException {
    LogList known = list().orElseGet(() -> empty(logKey, root, now));
    List<VerifierKey> keys = new ArrayList<>(known.keys());
    for (int partition = 0; partition < partitions; partition++) {
      LogOrigin origin = known.current(partition).orElse(new LogOrigin(known.name(), partition, 0));
      List<VerifierKey> named = known.keysOf(origin);
      if (named.isEmpty() || !named.getLast().publicKey().equals(logKey)) {
        keys.add(VerifierKey.ed25519(origin.toString(), logKey));
      }
    }
    return keys.size() > known.keys().size() ? replace(root, known, keys, now) : known;
  }

  /** The logs of {@code list}, as it lies in the file, and the key that signs for them. */
  public LogKeys keys(LogList list, Signer log) throws StartException {
    return new LogKeys(list, note(), log);
  }

  /**
   * Opens the log of {@code partition} anew: its next generation.
   *
   * @throws StartException when there is no such log
   */
  public LogOrigin reopen(CertificateAuthority root, Signer log, int partition, Instant now)
      throws StartException {
    LogList known =
        list().orElseThrow(() -> new StartException("there is no list of logs at " + file, null));
    LogOrigin current =
        known
            .current(partition)
            .orElseThrow(() ->
                new StartException(
                    "there is no log of partition %d of %s".formatted(partition, known.name()),
                    null));
    LogOrigin next = new LogOrigin(known.name(), partition, current.generation() + 1);
    List<VerifierKey> keys = new ArrayList<>(known.keys());
    keys.add(VerifierKey.ed25519(next.toString(), log.publicKey()));
    replace(root, known, keys, now);
    return next;
  }

  // Until the organisation names its logs, they are named after its first root.
  private static LogList empty(Bytes logKey, @Nullable CertificateAuthority root, Instant now) {
    Bytes named = root == null ? logKey : root.publicKey();
    String name =
        "local/custody-"
            + dev.custody.digest.Digest.sha256(named.toByteArray()).hex().substring(0, 12);
    return new LogList(name, 0, now.truncatedTo(ChronoUnit.SECONDS), List.of());
  }

  private LogList replace(
      @Nullable CertificateAuthority root, LogList known, List<VerifierKey> keys, Instant now)
      throws StartException {
    if (root == null) {
      throw new StartException(
          "the list of logs at "
              + file
              + " lacks a log or a key, and the root's keyset is not here to sign another;"
              + " try, where the root is: custody tlog register",
          null);
    }
    LogList list =
        new LogList(known.name(), known.serial() + 1, now.truncatedTo(ChronoUnit.SECONDS), keys);
    write(root.sign(list));
    return list;
  }

  private SignedNote note() throws StartException {
    try {
      return SignedNote.parse(Files.readAllBytes(file));
    } catch (NoteException e) {
      throw new StartException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(SignedNote list) {
    try {
      Path aside = file.resolveSibling("." + file.getFileName() + ".tmp");
      Files.write(aside, list.encode());
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
