package dev.custody.source.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows files that grow, and directories where files appear. Each {@link #poll} hands over what
 * is new since the last one, of this process or an earlier one.
 *
 * <p>A file of one record a line is read as far as its last whole record; a line that is half
 * written waits. When another file has taken its name, the old one is read to its end first, by the
 * open file or, after a restart, by the name it has now, compressed or not. A file in any other
 * shape is read whole once it no longer changes.
 *
 * <p>What was handed over is remembered after {@link Sink#delivered} returned, so after a crash
 * some of it comes again; nothing is left out. Not safe for use by several threads.
 */
public final class FileFollower implements AutoCloseable {
  private static final int MOST_OPEN = 64;
  private static final String ROTATED = " (rotated)";

  /** Takes what is read, in order. */
  public interface Sink extends RecordFiles.Sink {
    /** Makes all that was handed over durable. */
    void delivered();
  }

  private final List<Path> sources;
  private final FollowPositions positions;
  private final FollowedLines lines;
  private final WholeFiles wholes;
  private final Map<Path, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);

  /** A file whose end is being followed. */
  private record OpenFile(String key, FileChannel channel) {}

  /** Follows {@code sources}, of which files may not be there yet. */
  public FileFollower(
      RecordShape shape,
      List<Path> sources,
      FollowPositions positions,
      Sink sink,
      InstantSource clock) {
    this.sources = List.copyOf(sources);
    this.positions = positions;
    this.lines = new FollowedLines(shape, positions, sink);
    this.wholes = new WholeFiles(shape, positions, sink, clock);
  }

  /** Hands over what is new; says whether there was anything. */
  public boolean poll() {
    boolean any = false;
    for (Path source : sources) {
      if (Files.isDirectory(source)) {
        for (Path file : below(source)) {
          any |= pollFile(file, false);
        }
        // A file that was renamed away is still read to its end.
        for (Path gone : goneFrom(source)) {
          any |= pollFile(gone, false);
        }
      } else {
        any |= pollFile(source, true);
      }
    }
    return any;
  }

  private List<Path> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(RecordFiles::isNamedAsOne).filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // It changes while it is listed; the next poll lists it again.
    }
  }

  private List<Path> goneFrom(Path directory) {
    return open.keySet().stream()
        .filter(file -> file.startsWith(directory) && !Files.exists(file))
        .toList();
  }

  private boolean pollFile(Path path, boolean rotates) {
    try {
      @Nullable BasicFileAttributes now = attributes(path);
      boolean any = false;
      @Nullable OpenFile before = open.get(path);
      if (before != null && (now == null || !key(now).equals(before.key()))) {
        any = finish(path, before);
      }
      if (rotates && now != null && positions.of(key(now)) == null) {
        any |= catchUp(path);
      }
      return now == null ? any : read(path, now) || any;
    } catch (IOException e) {
      lines.problem(path, 0, 0, RecordFiles.describe(e));
      return false;
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What the file system calls a file. */
  static String key(BasicFileAttributes file) {
    return String.valueOf(file.fileKey());
  }

  /** Reads the rest of a file whose name is another's now, or nobody's. */
  private boolean finish(Path path, OpenFile before) throws IOException {
    boolean any = false;
    while (lines.read(path, before.channel(), before.key(), 0, true)) {
      any = true;
    }
    close(path);
    return any;
  }

  private boolean read(Path path, BasicFileAttributes now) throws IOException {
    String key = key(now);
    @Nullable FollowPosition known = positions.of(key);
    boolean whole = known != null && !known.isOfLines() && known.path().equals(path.toString());
    if (whole) {
      return wholes.read(path, now, known);
    }
    @Nullable OpenFile opened = open.get(path);
    if (opened != null) {
      return lines.read(path, opened.channel(), key, WholeFiles.Look.at(now).modified(), false);
    }
    boolean goesOn = known != null && known.isOfLines();
    if (!goesOn && (now.size() == 0 || !lines.isOfLines(path))) {
      return now.size() > 0 && wholes.read(path, now, null);
    }
    if (known != null
        && known.modified() == WholeFiles.Look.at(now).modified()
        && known.offset() == now.size()) {
      return false;
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    open.put(path, new OpenFile(key, channel));
    if (known == null) {
      lines.begin(path, key, WholeFiles.Look.at(now).modified());
    }
    boolean any = lines.read(path, channel, key, WholeFiles.Look.at(now).modified(), false);
    closeEldest();
    return any;
  }

  /**
   * Another file has the name. The rest of the one that was read, after a restart, and all that
   * came between is in files beside it.
   */
  private boolean catchUp(Path path) throws IOException {
    @Nullable FollowPosition last =
        positions.all().stream()
            .filter(p ->
                (p.isOfLines() && p.path().equals(path.toString()))
                    || p.path().equals(path + ROTATED))
            .max(Comparator.comparingLong(FollowPosition::modified))
            .orElse(null);
    if (last == null) {
      return false;
    }
    // A file that had the name and lost it before anything of it was read has no position.
    boolean before = last.path().endsWith(ROTATED);
    boolean found = before;
    boolean any = !before;
    for (Path sibling : Siblings.of(path)) {
      BasicFileAttributes file =
          Files.readAttributes(sibling, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!file.isRegularFile() || file.size() == 0) {
        continue;
      }
      if (before && key(file).equals(last.key())) {
        continue;
      }
      if (key(file).equals(last.key())) {
        found = true;
        try (FileChannel channel = FileChannel.open(sibling, StandardOpenOption.READ)) {
          while (lines.read(
              sibling, channel, last.key(), WholeFiles.Look.at(file).modified(), true)) {
            // To its end.
          }
        }
      } else if (!before && lines.isCompressed(sibling, last)) {
        found = true;
        lines.readCompressed(sibling, last);
      } else if (positions.of(key(file)) == null
          && file.lastModifiedTime().toMillis() >= last.modified()) {
        wholes.take(sibling, file);
        any = true;
      }
    }
    if (!found) {
      lines.problem(
          path,
          0,
          0,
          "the file of this name that was read up to byte %,d is gone: what was written to it after that is missing"
              .formatted(last.offset()));
    }
    if (before) {
      return any;
    }
    // Once: from here on the name is the new file's.
    positions.save(
        new FollowPosition(
            last.key(),
            path + ROTATED,
            last.offset(),
            last.line(),
            last.print(),
            -1,
            last.modified()));
    return any;
  }

  private void close(Path path) throws IOException {
    @Nullable OpenFile closing = open.remove(path);
    if (closing != null) {
      closing.channel().close();
    }
  }

  private void closeEldest() throws IOException {
    if (open.size() > MOST_OPEN) {
      close(open.keySet().iterator().next());
    }
  }

  @Override
  public void close() throws IOException {
    for (Path path : List.copyOf(open.keySet())) {
      close(path);
    }
  }
}
