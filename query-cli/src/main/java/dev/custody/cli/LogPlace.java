package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Link;
import dev.custody.explain.PositionQuery;
import dev.custody.local.AllInOne;
import dev.custody.local.Installation;
import dev.custody.tiles.LogMirror;
import dev.custody.tiles.PublishedLogs;
import dev.custody.tiles.PublishedLogs.Shown;
import dev.custody.tlog.LogOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the commands that read the transparency log find it. */
final class LogPlace {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(?:/(\\d{1,9}))?");

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Read the log's topics from this Kafka, in place of the mirror in DATA/log.")
  private @Nullable String servers;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "The organisation's public root keys; DATA/keys/root.pub when not given.")
  private @Nullable Path rootFile;

  PublishedLogs open(Path data) {
    Path file = rootFile == null ? Installation.rootFile(data) : rootFile;
    try {
      TrustedRoots roots = TrustedRoots.read(file);
      return PublishedLogs.open(directory(data, roots), roots);
    } catch (NoSuchFileException e) {
      throw new CouldNotRunException(
          "no log: expected " + e.getMessage() + ", found none",
          "start `custody up`, or name another data directory: --data DIR; the root key: --root FILE",
          e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the log cannot be read: " + e.getMessage(),
          "name the file of the organisation's public root keys: --root FILE",
          e);
    }
  }

  private Path directory(Path data, TrustedRoots roots) throws IOException {
    String from = servers;
    if (from == null) {
      return AllInOne.logs(data);
    }
    Path copy = Files.createTempDirectory("custody-log");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy)));
    LogMirror.copy(copy, from, roots);
    return copy;
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(file -> {
            boolean _ = file.toFile().delete();
          });
    } catch (IOException e) {
      System.err.println("left behind: " + directory);
    }
  }

  /** A log by its origin, its partition, or its partition and generation. */
  static Shown log(PublishedLogs logs, String named) {
    Matcher matcher = SHORT.matcher(named);
    Optional<LogOrigin> origin =
        logs.list().logs().stream()
            .filter(o ->
                matcher.matches()
                    ? o.partition() == Integer.parseInt(matcher.group(1))
                        && isGeneration(logs, o, matcher.group(2))
                    : o.toString().equals(named))
            .findFirst();
    try {
      return origin
          .flatMap(o -> unchecked(() -> logs.shown(o)))
          .orElseThrow(() ->
              new CouldNotRunException(
                  "no log %s with a checkpoint".formatted(Terminal.clean(named)),
                  "custody tlog list",
                  null));
    } catch (java.io.UncheckedIOException e) {
      throw new CouldNotRunException(
          "the log cannot be read: " + e.getMessage(), "custody verify", e);
    }
  }

  private static boolean isGeneration(
      PublishedLogs logs, LogOrigin origin, @Nullable String generation) {
    return generation == null
        ? logs.list().current(origin.partition()).filter(origin::equals).isPresent()
        : origin.generation() == Integer.parseInt(generation);
  }

  /** Something that reads. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  static <T> T unchecked(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Takes the links at a position, {@code CHAIN#SEQUENCE}; the first digits of a chain suffice. */
  static Predicate<Link> position(String position) {
    try {
      PositionQuery query = PositionQuery.parse(position);
      return link -> link.sequence() == query.sequence() && query.names(link.chain());
    } catch (IllegalArgumentException e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "custody verify and custody search name positions", e);
    }
  }
}
