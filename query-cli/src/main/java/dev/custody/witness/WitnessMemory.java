package dev.custody.witness;

import dev.custody.digest.Digest;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a witness has cosigned, one file a log: the latest checkpoint with the log's signatures and
 * the witness's own. A directory belongs to one key and one process; that it was lost or belongs to
 * another key is told rather than guessed, because a witness that forgot can be made to cosign a
 * fork.
 */
final class WitnessMemory implements AutoCloseable {
  private static final String KEY_FILE = "witness.vkey";
  private static final String LOCK_FILE = "lock";
  private static final String CHECKPOINT = ".checkpoint";
  private static final String FORK = ".fork";
  private static final String ASIDE = ".tmp";

  private final Path directory;
  private final VerifierKey key;
  private final FileChannel lockFile;

  private WitnessMemory(Path directory, VerifierKey key, FileChannel lockFile) {
    this.directory = directory;
    this.key = key;
    this.lockFile = lockFile;
  }

  /**
   * Opens {@code directory}.
   *
   * @param fresh whether the key was made just now; only then may the directory be empty
   */
  static WitnessMemory open(Path directory, VerifierKey key, boolean fresh)
      throws WitnessException, IOException {
    Files.createDirectories(directory);
    WitnessMemory memory = new WitnessMemory(directory, key, lock(directory));
    try {
      memory.bind(fresh);
      memory.removeUnfinished();
      return memory;
    } catch (WitnessException | IOException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws WitnessException, IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    // Held until the process ends, however it ends.
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another witness of this process: told below.
    }
    channel.close();
    throw new WitnessException(
        directory + " is in use by another witness; try: stop it, or name another directory");
  }

  private void bind(boolean fresh) throws WitnessException, IOException {
    Path file = directory.resolve(KEY_FILE);
    String expected = key + "\n";
    if (!Files.exists(file)) {
      if (!fresh) {
        throw new WitnessException(
            ("%s does not hold what %s has cosigned, and a witness that forgot may cosign a fork;"
                    + " try: restore the directory, or begin with a new key")
                .formatted(directory, key.name()));
      }
      write(KEY_FILE, expected.getBytes(StandardCharsets.UTF_8));
    }
    String found = Files.readString(file);
    if (!found.equals(expected)) {
      throw new WitnessException(
          "%s belongs to another witness: expected %s, found %s; try: another directory"
              .formatted(directory, key, found.strip()));
    }
  }

  private void removeUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ASIDE)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The latest cosigned checkpoint of {@code origin}, or null when there was none. */
  @Nullable SignedNote latest(String origin) throws WitnessException, IOException {
    Path file = directory.resolve(hash(origin) + CHECKPOINT);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      SignedNote note = SignedNote.parse(Files.readAllBytes(file));
      note.requireSignedBy(key);
      String found = Checkpoint.of(note).origin();
      if (!found.equals(origin)) {
        throw new WitnessException(
            "%s: expected a checkpoint of %s, found one of %s; try: restore it from a backup that"
                    .formatted(file, origin, found)
                + " is not older than the last cosignature");
      }
      return note;
    } catch (NoteException e) {
      throw new WitnessException(
          "%s is damaged: %s; try: restore it from a backup that is not older than the last cosignature"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Keeps {@code note} as the latest of {@code origin}; on the disk when this returns. */
  void keep(String origin, SignedNote note) throws IOException {
    write(hash(origin) + CHECKPOINT, note.encode());
  }

  /**
   * Keeps the first checkpoint seen that contradicts a cosigned one: it proves what the log did.
   */
  void keepFork(String origin, SignedNote fork) throws IOException {
    String name = hash(origin) + FORK;
    if (!Files.exists(directory.resolve(name))) {
      write(name, fork.encode());
    }
  }

  /** How c2sp.org/tlog-witness names a log in a path. */
  static String hash(String origin) {
    return Digest.sha256(origin.getBytes(StandardCharsets.UTF_8)).hex();
  }

  // Whole or not at all, and durable: the bytes are forced before the name points to them, the name
  // before anybody is told.
  private void write(String name, byte[] bytes) throws IOException {
    Path aside = directory.resolve(name + ASIDE);
    try (FileChannel out =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(
        aside,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
