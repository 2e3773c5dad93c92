package dev.custody.source.records;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads files and directories of an audit log, {@code -} for the standard input, in whatever shape:
 * records wrapped as {@code {"Records": [...]}}, an array, one record a line, records one after the
 * other; compressed or not, by content and not by name.
 *
 * <p>A file that is broken ends at the break, and reading goes on with the next one; of records one
 * a line, with the next line. Records are cut out and not read: nothing of a file is kept but the
 * record at hand.
 */
public final class RecordFiles {
  private static final Path STANDARD_INPUT = Path.of("-");
  private static final List<String> NAMES = List.of(".json", ".jsonl", ".ndjson", ".log");
  private static final String COMPRESSED = ".gz";
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /**
   * A record as it was cut out, unredacted, on one line.
   *
   * @param line line where it begins, from 1
   * @param column byte of that line where it begins, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // One copy of each record is enough.
  public record Item(Path file, long line, long column, byte[] record) {
    private static final byte[] NOTHING = {};

    /** The place, for who no longer needs what is there. */
    public Item placeOnly() {
      return new Item(file, line, column, NOTHING);
    }

    /** Its place, and what is wrong with it. */
    public Problem problem(String what) {
      return new Problem(file, line, column, what);
    }
  }

  /**
   * What could not be read, and where it begins; line 0 if the file could not be opened. Shows
   * nothing of the file.
   */
  public record Problem(Path file, long line, long column, String what) {
    @Override
    public String toString() {
      return line == 0 ? file + ": " + what : file + ":" + line + ":" + column + ": " + what;
    }
  }

  /** How much was read. */
  public record Totals(long files, long read, long problems) {}

  /** Takes what is read, in order. */
  public interface Sink {
    void record(Item item);

    void problem(Problem problem);
  }

  /** Hears how far reading is, in bytes as stored; no total if the standard input takes part. */
  @FunctionalInterface
  public interface Progress {
    void at(long bytes, OptionalLong total);
  }

  private final RecordShape shape;
  private final Sink sink;
  private final Progress progress;
  private final InputStream standardInput;
  private OptionalLong total = OptionalLong.empty();
  private long consumed;
  private long files;
  private long read;
  private long problems;

  private RecordFiles(RecordShape shape, InputStream standardInput, Sink sink, Progress progress) {
    this.shape = shape;
    this.standardInput = standardInput;
    this.sink = sink;
    this.progress = progress;
  }

  /** Reads all sources in their order, directories sorted and with what is below them. */
  public static Totals read(
      RecordShape shape,
      List<Path> sources,
      InputStream standardInput,
      Sink sink,
      Progress progress) {
    return new RecordFiles(shape, standardInput, sink, progress).readAll(sources);
  }

  private Totals readAll(List<Path> sources) {
    List<Path> paths = new ArrayList<>();
    for (Path source : sources) {
      addFiles(source, paths);
    }
    total = size(paths);
    for (Path path : paths) {
      files++;
      readFile(path);
    }
    return new Totals(files, read, problems);
  }

  private void addFiles(Path source, List<Path> paths) {
    if (!Files.isDirectory(source)) {
      paths.add(source);
      return;
    }
    try (Stream<Path> below = Files.walk(source)) {
      below
          .filter(RecordFiles::isNamedAsOne)
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(paths::add);
    } catch (IOException | UncheckedIOException e) {
      problem(source, 0, 0, "can't list the directory (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Whether a file below a directory is named as files of records are. */
  static boolean isNamedAsOne(Path path) {
    String name = String.valueOf(path.getFileName());
    String plain =
        name.endsWith(COMPRESSED) ? name.substring(0, name.length() - COMPRESSED.length()) : name;
    return NAMES.stream().anyMatch(plain::endsWith);
  }

  private static OptionalLong size(List<Path> paths) {
    long size = 0;
    for (Path path : paths) {
      if (path.equals(STANDARD_INPUT)) {
        return OptionalLong.empty();
      }
      try {
        size += Files.size(path);
      } catch (IOException e) {
        size += 0; // Reading it will tell.
      }
    }
    return OptionalLong.of(size);
  }

  private void readFile(Path path) {
    if (path.equals(STANDARD_INPUT)) {
      readStream(path, standardInput);
      return;
    }
    try (InputStream in = Files.newInputStream(path)) {
      readStream(path, in);
    } catch (NoSuchFileException e) {
      problem(path, 0, 0, describe(e));
    } catch (IOException e) {
      problem(path, 0, 0, "can't open or close the file (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void readStream(Path path, InputStream stored) {
    RecordStream records = null;
    try {
      InputStream in = uncompressed(new Counting(stored));
      records = new RecordStream(new JsonFrames(in, shape.largest()), shape, new FileSink(path));
      records.readAll();
    } catch (IOException e) {
      problem(path, line(records), column(records), describe(e));
    }
  }

  /** What went wrong, in words of our own: those of others may show what was read. */
  static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case EOFException _ -> "the compressed data is cut off";
      case ZipException _ -> "the compressed data is corrupt";
      default -> "reading failed (" + e.getClass().getSimpleName() + ")";
    };
  }

  private static long line(@Nullable RecordStream records) {
    return records == null ? 1 : records.line();
  }

  private static long column(@Nullable RecordStream records) {
    return records == null ? 1 : records.column();
  }

  /** What {@code stored} holds, which is compressed where it begins like that. */
  static InputStream uncompressed(InputStream stored) throws IOException {
    BufferedInputStream in = new BufferedInputStream(stored, 64 * 1024);
    in.mark(2);
    boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
    in.reset();
    return gzip ? new GZIPInputStream(in, 64 * 1024) : in;
  }

  private void problem(Path path, long line, long column, String what) {
    problems++;
    sink.problem(new Problem(path, line, column, what));
  }

  /** Gives what one file holds its path, and counts. */
  private final class FileSink implements RecordStream.Sink {
    private final Path path;

    FileSink(Path path) {
      this.path = path;
    }

    @Override
    public void record(long line, long column, byte[] record) {
      read++;
      sink.record(new Item(path, line, column, record));
    }

    @Override
    public void problem(long line, long column, String what) {
      RecordFiles.this.problem(path, line, column, what);
    }
  }

  /** Counts bytes as they are stored, which is what progress is measured by. */
  private final class Counting extends FilterInputStream {
    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int c = super.read();
      count(c < 0 ? 0 : 1);
      return c;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      count(Math.max(0, count));
      return count;
    }

    private void count(int bytes) {
      consumed += bytes;
      progress.at(consumed, total);
    }
  }
}
