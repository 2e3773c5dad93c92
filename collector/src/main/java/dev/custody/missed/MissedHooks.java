package dev.custody.missed;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what the forwarder noted while no collector took its hooks.
 *
 * <p>The file is first moved aside under a name of its own, and read one look later: a forwarder
 * that has just opened it still writes to it. An event's {@code source.id} is that name and the
 * line, so a crash at any moment loses nothing, and what is read again is known.
 */
public final class MissedHooks implements AutoCloseable {
  /** Name of the file in the data directory. */
  public static final String FILE = "missed";

  /** How often it is looked for. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  /** Most bytes of one file that are read: no forwarder lets it grow beyond that. */
  static final int MOST_BYTES = 16 << 20;

  private static final Pattern ASIDE = Pattern.compile("missed\\.[0-9a-f-]{36}");
  private static final int MOST_ASIDE = 64;
  private static final int BATCH = 256;
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(MissedHooks.class);

  private final Path directory;
  private final Observer observer;
  private final Recorder recorder;
  private final Semaphore end = new Semaphore(0);
  private final AtomicLong skipped = new AtomicLong();
  private final Thread thread;

  /** Looks into {@code directory} from now on. */
  public static MissedHooks start(Path directory, Observer observer, Recorder recorder) {
    return start(directory, observer, recorder, PERIOD);
  }

  static MissedHooks start(Path directory, Observer observer, Recorder recorder, Duration period) {
    MissedHooks hooks = new MissedHooks(directory, observer, recorder, period);
    hooks.thread.start();
    return hooks;
  }

  MissedHooks(Path directory, Observer observer, Recorder recorder, Duration period) {
    this.directory = directory;
    this.observer = observer;
    this.recorder = recorder;
    this.thread =
        Thread.ofPlatform().name("missed-hooks").daemon().unstarted(() -> run(period.toMillis()));
  }

  /** Lines that were none, since start. */
  public long skipped() {
    return skipped.get();
  }

  private void run(long periodMillis) {
    try {
      do {
        try {
          look();
        } catch (RuntimeException e) {
          LOG.error("missed hooks: looking goes on after {}", e.getClass().getName());
        }
      } while (!end.tryAcquire(periodMillis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Records what was moved aside before, then moves aside what has come since. */
  void look() {
    try {
      List<Path> aside = aside();
      for (Path file : aside) {
        record(file);
      }
      if (aside.size() < MOST_ASIDE && isFile(directory.resolve(FILE))) {
        Path own = directory.resolve(FILE + "." + UUID.randomUUID());
        Files.move(directory.resolve(FILE), own, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      LOG.warn("missed hooks: {} cannot be read ({}); it stays", directory, e.getClass().getName());
    } catch (CaptureException e) {
      LOG.warn("missed hooks: not recorded, the file stays: {}", e.getMessage());
    }
  }

  private List<Path> aside() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> ASIDE.matcher(f.getFileName().toString()).matches() && isFile(f))
          .sorted()
          .toList();
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private void record(Path file) throws IOException, CaptureException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MOST_BYTES);
    }
    List<Event> batch = new ArrayList<>();
    int recorded = 0;
    int none = 0;
    int number = 0;
    for (int start = 0; start < bytes.length; number++) {
      int stop = endOfLine(bytes, start);
      Optional<MissedHook> hook =
          stop < bytes.length && stop - start <= MissedHook.LONGEST
              ? MissedHook.parse(text(bytes, start, stop), observer.clock().instant())
              : Optional.empty();
      if (hook.isEmpty()) {
        none++;
      } else {
        batch.addAll(hook.get().events(observer, file.getFileName() + "#" + number));
        recorded++;
      }
      if (batch.size() >= BATCH) {
        Recorder.Receipt _ = recorder.record(batch);
        batch.clear();
      }
      start = stop + 1;
    }
    if (!batch.isEmpty()) {
      Recorder.Receipt _ = recorder.record(batch);
    }
    // Only now: what is deleted is durable.
    Files.delete(file);
    skipped.addAndGet(none);
    LOG.warn(
        "{} hooks were missed while no collector took them; {} lines of their file are none",
        recorded,
        none);
  }

  private static int endOfLine(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private static String text(byte[] bytes, int start, int stop) {
    return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  /** Stops looking; what is under way comes to its end first. */
  @Override
  public void close() {
    end.release();
    try {
      thread.join(STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
