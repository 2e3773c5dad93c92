package dev.custody.source.records;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads the records of files of one a line, from where they were delivered to where they end. */
final class FollowedLines {
  /** Most bytes of one file at once: then it is delivered, and the other files get their turn. */
  private static final int MOST_AT_ONCE = 32 << 20;

  private final RecordShape shape;
  private final FollowPositions positions;
  private final FileFollower.Sink sink;

  FollowedLines(RecordShape shape, FollowPositions positions, FileFollower.Sink sink) {
    this.shape = shape;
    this.positions = positions;
    this.sink = sink;
  }

  /** Whether {@code path} has its records one a line, as far as its first bytes tell. */
  boolean isOfLines(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      in.mark(2);
      if (in.read() == 0x1f && in.read() == 0x8b) {
        return false;
      }
      in.reset();
      return new RecordStream(new JsonFrames(in, shape.largest()), shape, new FileSink(path))
          .isOfLines();
    }
  }

  /**
   * Remembers a file before anything of it is delivered: it may be renamed, and this process end,
   * before anything is.
   */
  void begin(Path path, String key, long modified) throws IOException {
    positions.save(fresh(path, key, modified));
  }

  private FollowPosition fresh(Path path, String key, long modified) {
    return new FollowPosition(
        key,
        path.toString(),
        0,
        1,
        positions.print(new byte[0], 0),
        FollowPosition.LINES,
        modified);
  }

  /**
   * Reads whole records.
   *
   * @param modified when the file was changed, as far as is known
   * @param last whether nothing more will be written: what is cut off is a problem then
   */
  boolean read(Path path, FileChannel channel, String key, long modified, boolean last)
      throws IOException {
    FollowPosition from = start(path, channel, key);
    if (channel.size() <= from.offset()) {
      return false;
    }
    channel.position(from.offset());
    InputStream in = new LimitedInput(Channels.newInputStream(channel), MOST_AT_ONCE);
    RecordStream records =
        new RecordStream(
            new JsonFrames(in, shape.largest(), from.offset(), from.line()),
            shape,
            new FileSink(path));
    RecordStream.Reached to = records.readWholeLines();
    if (to.offset() == from.offset() && !last && channel.size() - from.offset() < MOST_AT_ONCE) {
      return false;
    }
    if (to.offset() == from.offset()) {
      problem(path, from.line(), 1, last ? "the record is cut off" : "a line without an end");
      to =
          new RecordStream.Reached(
              Math.min(channel.size(), from.offset() + MOST_AT_ONCE), from.line());
    }
    sink.delivered();
    positions.save(
        new FollowPosition(
            key,
            path.toString(),
            to.offset(),
            to.line(),
            print(channel, to.offset()),
            FollowPosition.LINES,
            Math.max(from.modified(), modified)));
    return true;
  }

  private FollowPosition start(Path path, FileChannel channel, String key) throws IOException {
    FollowPosition fresh = fresh(path, key, 0);
    @Nullable FollowPosition known = positions.of(key);
    if (known == null || !known.isOfLines()) {
      return fresh;
    }
    // Cut to less, or written anew from the start: none of what is there was seen.
    boolean same =
        channel.size() >= known.offset() && print(channel, known.offset()).equals(known.print());
    return same ? known : fresh;
  }

  private String print(FileChannel channel, long offset) throws IOException {
    int length = (int) Math.min(FollowPositions.PREFIX, offset);
    ByteBuffer head = ByteBuffer.allocate(length);
    while (head.hasRemaining() && channel.read(head, head.position()) > 0) {
      // On.
    }
    return positions.print(head.array(), head.position());
  }

  /** Whether {@code sibling} is the compressed form of what was read up to {@code last}. */
  boolean isCompressed(Path sibling, FollowPosition last) throws IOException {
    int length = FollowPositions.printed(last.print());
    try (InputStream stored = Files.newInputStream(sibling);
        InputStream in = RecordFiles.uncompressed(stored)) {
      byte[] head = in.readNBytes(length);
      return length > 0
          && head.length == length
          && positions.print(head, length).equals(last.print());
    } catch (EOFException | ZipException e) {
      return false;
    }
  }

  /** Reads what {@code sibling} holds behind {@code last}. */
  void readCompressed(Path sibling, FollowPosition last) throws IOException {
    try (InputStream stored = Files.newInputStream(sibling);
        InputStream in = RecordFiles.uncompressed(stored)) {
      in.skipNBytes(last.offset());
      RecordStream records =
          new RecordStream(
              new JsonFrames(in, shape.largest(), last.offset(), last.line()),
              shape,
              new FileSink(sibling));
      var _ = records.readWholeLines();
      sink.delivered();
    } catch (EOFException | ZipException e) {
      problem(sibling, 0, 0, RecordFiles.describe(e));
    }
  }

  void problem(Path path, long line, long column, String what) {
    sink.problem(new RecordFiles.Problem(path, line, column, what));
  }

  /** Gives what one file holds its path. */
  private final class FileSink implements RecordStream.Sink {
    private final Path path;

    FileSink(Path path) {
      this.path = path;
    }

    @Override
    public void record(long line, long column, byte[] record) {
      sink.record(new RecordFiles.Item(path, line, column, record));
    }

    @Override
    public void problem(long line, long column, String what) {
      FollowedLines.this.problem(path, line, column, what);
    }
  }
}
