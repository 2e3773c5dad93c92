package dev.custody.hook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads whole files, and puts whole files in their place at once. */
final class TextFile {
  private TextFile() {}

  /** Where {@code file} really is: the end of its links. */
  static Path target(Path file) throws HookException {
    try {
      if (Files.exists(file)) {
        return file.toRealPath();
      }
      if (Files.isSymbolicLink(file)) {
        throw new HookException(
            file + " is a link to something that is not there", "mend or remove the link");
      }
      return file.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /** All of {@code file}; null when there is none. */
  static @Nullable String read(Path file) throws HookException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    if (!Files.isRegularFile(file)) {
      throw new HookException(file + ": expected a file, found something else", "move it away");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(JsonText.LARGEST + 1);
      if (bytes.length > JsonText.LARGEST) {
        throw new HookException(
            "%s: expected at most %d bytes, found more".formatted(file, JsonText.LARGEST),
            "is this the right file?");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new HookException(
          file + ": expected UTF-8, found other bytes", "mend it; it was not touched");
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /**
   * Puts {@code text} in the place of {@code file}: whoever reads it sees the old one or the new
   * one.
   *
   * @param mode its permission bits
   */
  static void write(Path file, String text, String mode) throws HookException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new HookException(file + " is no file's path", "name another");
    }
    Path aside = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".new");
    try {
      Files.createDirectories(directory);
      try (FileChannel out =
          FileChannel.open(
              aside,
              java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          int _ = out.write(bytes);
        }
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString(mode));
        // On the disk before it has the name: a crash leaves the old file or the new one.
        out.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw failed("written", file, e);
    } finally {
      delete(aside);
    }
  }

  /** Permission bits of {@code file}, or {@code otherwise} while there is none. */
  static String mode(Path file, String otherwise) throws HookException {
    try {
      return Files.exists(file)
          ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
          : otherwise;
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /** Closes a directory of ours to others. */
  static void makePrivate(Path directory) throws HookException {
    try {
      if (Files.isDirectory(directory)) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw failed("written", directory, e);
    }
  }

  static void delete(Path file) throws HookException {
    try {
      boolean _ = Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("deleted", file, e);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static HookException failed(String what, Path file, IOException e) {
    return new HookException(
        "%s cannot be %s: %s".formatted(file, what, e.getClass().getSimpleName()),
        "is it yours, and is there room on the disk?");
  }
}
