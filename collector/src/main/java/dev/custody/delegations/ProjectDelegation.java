package dev.custody.delegations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code .custody/delegation} in the root of a work tree: one line, the id of a delegation. A
 * repository's owner may have put anything in its place: links are not followed, what is no regular
 * file is not opened, and little is read. Safe for use by several threads.
 */
final class ProjectDelegation {
  private static final int MOST_BYTES = 256;
  private static final int MOST_REMEMBERED = 256;

  private final Map<Path, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Known(FileTime changed, long size, @Nullable Object file, String line) {}

  /** The line; null where there is no such file, {@link Binding#UNREADABLE} where it is odd. */
  @Nullable String in(String root) {
    try {
      Path directory = Path.of(root).resolve(".custody");
      Path file = directory.resolve("delegation");
      BasicFileAttributes at =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      boolean escapes = !at.isRegularFile() || Files.isSymbolicLink(directory);
      return escapes || at.size() > MOST_BYTES ? Binding.UNREADABLE : remembered(file, at);
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  private String remembered(Path file, BasicFileAttributes at) {
    synchronized (known) {
      Known before = known.get(file);
      if (before != null
          && before.changed.equals(at.lastModifiedTime())
          && before.size == at.size()
          && java.util.Objects.equals(before.file, at.fileKey())) {
        return before.line;
      }
    }
    String line = read(file);
    synchronized (known) {
      known.put(file, new Known(at.lastModifiedTime(), at.size(), at.fileKey(), line));
    }
    return line;
  }

  private static String read(Path file) {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return Binding.UNREADABLE;
    }
  }
}
