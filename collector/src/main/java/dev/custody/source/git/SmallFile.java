package dev.custody.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that a repository's owner may have replaced by anything: a pipe would block the
 * reader for ever, and a device would fill its memory.
 */
final class SmallFile {
  private SmallFile() {}

  /** The text, null if it is no regular file, too large or unreadable. */
  static @Nullable String read(Path path, int most) {
    if (!Files.isRegularFile(path)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(most + 1);
      return bytes.length > most ? null : new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }
}
