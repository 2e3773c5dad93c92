package dev.custody.source.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * The newest lines of one reference's reflog, oldest first. JGit has a reader of its own, but that
 * takes in the whole file, whatever its size, and stops at the first line that is none.
 *
 * @param lines lines that are none are left out
 * @param size of the file, in bytes; -1 where there is no file
 */
record Reflog(List<Line> lines, long size) {
  /** No more than this is read of one reflog, and only the newest. */
  static final int MOST_BYTES = 1 << 20;

  /** How far back the last line that is known is looked for. */
  private static final int LONGEST_LINE = 8 << 10;

  private static final int ID = 40;
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
  private static final Reflog NONE = new Reflog(List.of(), -1);

  /**
   * A move, as one line tells it.
   *
   * @param start where the line begins in the file
   * @param end where the next one begins
   * @param before zero when the reference was created
   * @param at null where it names a time that no clock shows
   */
  record Line(
      long start,
      long end,
      ObjectId before,
      ObjectId after,
      @Nullable Instant at,
      @Nullable String cause) {
    Position position() {
      return new Position(end, at == null ? 0 : at.getEpochSecond(), after);
    }
  }

  /**
   * Up to where a reflog was recorded, and what its last line said: a log that was cut or begun
   * anew is known by that.
   */
  record Position(long end, long at, ObjectId after) {}

  Reflog {
    lines = List.copyOf(lines);
  }

  static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** What {@code file} holds behind {@code from}, and the last line before. */
  static Reflog read(Path file, @Nullable Position from) {
    return read(file, from == null ? 0 : from.end - LONGEST_LINE, MOST_BYTES);
  }

  /** The newest lines only. */
  static Reflog end(Path file) {
    return read(file, 0, LONGEST_LINE);
  }

  private static Reflog read(Path file, long from, int most) {
    if (!Files.isRegularFile(file)) {
      return NONE; // A pipe would block the reader.
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      long start = Math.max(0, Math.max(from > size ? 0 : from, size - most));
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - start));
      int got = 0;
      while (bytes.hasRemaining() && got >= 0) {
        got = channel.read(bytes, start + bytes.position()); // A file may come in pieces.
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
      return new Reflog(parse(text, start), size);
    } catch (IOException e) {
      return NONE;
    }
  }

  /** The lines behind {@code known}; null if its line isn't there any more. */
  @Nullable List<Line> since(@Nullable Position known) {
    for (int i = 0; known != null && i < lines.size(); i++) {
      if (lines.get(i).position().equals(known)) {
        return lines.subList(i + 1, lines.size());
      }
    }
    return null;
  }

  private static List<Line> parse(String text, long offset) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      Line line = line(text.substring(from, end), offset + from, offset + end + 1);
      if (line != null) {
        lines.add(line);
      }
      from = end + 1;
    }
    return lines; // What has no end of line yet is still being written.
  }

  /** {@code <before> <after> <name> <<email>> <seconds> <zone>[TAB<message>]}. */
  private static @Nullable Line line(String text, long start, long end) {
    int tab = text.indexOf('\t');
    String head = tab < 0 ? text : text.substring(0, tab);
    int closing = head.lastIndexOf("> ");
    if (head.length() < 2 * ID + 2 || head.charAt(ID) != ' ' || head.charAt(2 * ID + 1) != ' ') {
      return null;
    }
    String before = head.substring(0, ID);
    String after = head.substring(ID + 1, 2 * ID + 1);
    if (!ObjectId.isId(before) || !ObjectId.isId(after) || closing < 2 * ID) {
      return null;
    }
    return new Line(
        start,
        end,
        ObjectId.fromString(before),
        ObjectId.fromString(after),
        time(head.substring(closing + 2)),
        tab < 0 ? null : Cause.of(text.substring(tab + 1)));
  }

  private static @Nullable Instant time(String secondsAndZone) {
    int space = secondsAndZone.indexOf(' ');
    try {
      String seconds = space < 0 ? secondsAndZone : secondsAndZone.substring(0, space);
      Instant at = Instant.ofEpochSecond(Long.parseLong(seconds));
      return at.isAfter(Instant.EPOCH) && at.isBefore(LATEST) ? at : null;
    } catch (NumberFormatException | java.time.DateTimeException e) {
      return null;
    }
  }
}
