package dev.custody.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file in which hooks that found no collector leave word, for the collector to read when it
 * runs again: {@code <agent> <hook> <session> <epoch milliseconds>} a line, and nothing else, for
 * nobody redacts it.
 */
public final class MissedHooks {
  private static final String FILE = "missed";
  private static final String NONE = "-";
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** Somebody who appends for ever must not fill the disk. */
  private static final long LARGEST = 8L << 20;

  private final Path file;

  /** The file of the installation at {@code data}. */
  public MissedHooks(Path data) {
    this.file = data.resolve(FILE);
  }

  /**
   * Notes that {@code hook} of {@code agent} found nobody.
   *
   * @param session left out unless it looks like an id
   * @throws IOException when it can't be noted
   */
  public void note(String agent, String hook, @Nullable String session, Instant at)
      throws IOException {
    String id = session != null && SESSION.matcher(session).matches() ? session : NONE;
    String line = "%s %s %s %d\n".formatted(agent, hook, id, at.toEpochMilli());
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > LARGEST)) {
      throw new IOException("%s is no file of at most 8 MiB".formatted(file));
    }
    // One write of a short line: lines of several writers don't mix.
    Files.write(
        file,
        line.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
