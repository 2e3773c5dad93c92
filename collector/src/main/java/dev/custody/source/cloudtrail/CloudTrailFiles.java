package dev.custody.source.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Reads CloudTrail files and directories, {@code -} for the standard input, in whatever shape:
 * {@code {"Records": [...]}}, an array, one record a line, records one after the other; compressed
 * or not, by content and not by name.
 *
 * <p>A file that is broken ends at the break, and reading goes on with the next one; of records one
 * a line, with the next line. Nothing of a file is kept but the record at hand.
 */
public final class CloudTrailFiles {
  /**
   * CloudTrail's own limit of an event is 256 KB; 1 MiB leaves room for other writers' indentation.
   */
  public static final int LARGEST_RECORD = 1024 * 1024;

  static final int DEEPEST_RECORD = 100;
  private static final Path STANDARD_INPUT = Path.of("-");
  private static final List<String> NAMES = List.of(".json", ".json.gz", ".jsonl", ".ndjson");
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /**
   * A record as it was read, unredacted.
   *
   * @param index its place among the file's values, from 0
   */
  public record Item(Path file, long index, JsonNode record) {}

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

  private final Sink sink;
  private final Progress progress;
  private final InputStream standardInput;
  private OptionalLong total = OptionalLong.empty();
  private long consumed;
  private long files;
  private long read;
  private long problems;

  private CloudTrailFiles(InputStream standardInput, Sink sink, Progress progress) {
    this.standardInput = standardInput;
    this.sink = sink;
    this.progress = progress;
  }

  /** Reads all sources in their order, directories sorted and with what is below them. */
  public static Totals read(
      List<Path> sources, InputStream standardInput, Sink sink, Progress progress) {
    return new CloudTrailFiles(standardInput, sink, progress).readAll(sources);
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
          .filter(CloudTrailFiles::isNamedAsOne)
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(paths::add);
    } catch (IOException | UncheckedIOException e) {
      problem(source, 0, 0, "can't list the directory (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static boolean isNamedAsOne(Path path) {
    String name = String.valueOf(path.getFileName());
    return NAMES.stream().anyMatch(name::endsWith);
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
      problem(path, 0, 0, "no such file");
    } catch (IOException e) {
      problem(path, 0, 0, "can't open or close the file (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void readStream(Path path, InputStream stored) {
    RecordStream records = null;
    try {
      InputStream in = uncompressed(new Counting(stored));
      records = new RecordStream(new JsonFrames(in, LARGEST_RECORD), new FileSink(path));
      records.readAll();
    } catch (EOFException e) {
      problem(path, line(records), column(records), "the compressed data is cut off");
    } catch (ZipException e) {
      problem(path, line(records), column(records), "the compressed data is corrupt");
    } catch (IOException e) {
      problem(
          path,
          line(records),
          column(records),
          "reading failed (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static long line(@Nullable RecordStream records) {
    return records == null ? 1 : records.line();
  }

  private static long column(@Nullable RecordStream records) {
    return records == null ? 1 : records.column();
  }

  private static InputStream uncompressed(InputStream stored) throws IOException {
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
    public void record(long index, JsonNode record) {
      read++;
      sink.record(new Item(path, index, record));
    }

    @Override
    public void problem(long line, long column, String what) {
      CloudTrailFiles.this.problem(path, line, column, what);
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
