package dev.custody.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Files that hold secrets: the owner's alone, and whole or not there at all. */
final class KeyFiles {
  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_PASSPHRASE_BYTES = 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private KeyFiles() {}

  /**
   * All of {@code file}.
   *
   * @throws KeyException when others may use it, or it is larger than any keyset
   */
  static byte[] read(Path file) throws IOException, KeyException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(rights)) {
      throw new KeyException(
          "%s has rights %s, expected rw-------; try: chmod 600 %s"
              .formatted(file, PosixFilePermissions.toString(rights), file));
    }
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new KeyException(
          "%s has %d bytes, expected at most %d".formatted(file, size, MAX_BYTES));
    }
    return Files.readAllBytes(file);
  }

  static byte[] passphrase(Path file) throws KeyException {
    byte[] all;
    try {
      all = read(file);
    } catch (NoSuchFileException e) {
      throw new KeyException("passphrase file %s is not there".formatted(file), e);
    } catch (IOException e) {
      throw new KeyException("passphrase file %s cannot be read: %s".formatted(file, e), e);
    }
    int length = all.length;
    if (length > 0 && all[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && all[length - 1] == '\r') {
      length--;
    }
    if (length == 0 || length > MAX_PASSPHRASE_BYTES) {
      throw new KeyException(
          "passphrase file %s: expected 1 to %d bytes, found %d"
              .formatted(file, MAX_PASSPHRASE_BYTES, length));
    }
    byte[] passphrase = Arrays.copyOf(all, length);
    Arrays.fill(all, (byte) 0);
    return passphrase;
  }

  /**
   * Writes aside with the final rights, forces, then links: a rival's file wins over ours.
   *
   * @return whether ours is the one that is there now
   */
  static boolean writeOnce(Path file, byte[] content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path aside =
        Files.createTempFile(
            parent, ".keyset", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      // A key whose file is lost in a crash has signed what nobody can continue.
      try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException e) {
      // Another process made it first; its key is the one to use.
      return false;
    } catch (UnsupportedOperationException e) {
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
    return true;
  }
}
