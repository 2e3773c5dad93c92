package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.LogDirectorySource;
import dev.custody.audit.RecordSource;
import dev.custody.audit.TopicSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the records of the log are read, and which root is trusted. */
final class LogOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Read the topic from this Kafka, in place of the files in DATA/kafka.")
  private @Nullable String servers;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "The organisation's public root keys; without it DATA/keys/root.pub.")
  private @Nullable Path rootFile;

  TrustedRoots roots(Path data) {
    Path file = rootFile == null ? data.resolve("keys").resolve("root.pub") : rootFile;
    try {
      return TrustedRoots.read(file);
    } catch (NoSuchFileException e) {
      throw new CouldNotRunException(
          "no root key: expected the file " + file + ", found none",
          "name the file of the organisation's public root keys: --root FILE",
          e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "root key file cannot be used: " + e.getMessage(),
          "name the file of the organisation's public root keys: --root FILE",
          e);
    }
  }

  RecordSource source(Path data) throws IOException {
    if (servers != null) {
      return new TopicSource(servers);
    }
    Path logs = data.resolve("kafka");
    if (!LogDirectorySource.isPresent(logs)) {
      throw new CouldNotRunException(
          "no log: expected partitions of the topic in " + logs + ", found none",
          Files.isDirectory(data)
              ? "name another data directory: --data DIR"
              : "there is no " + data + "; name the data directory: --data DIR",
          null);
    }
    return new LogDirectorySource(logs);
  }

  /** What is said when {@link #source} cannot be read. */
  CouldNotRunException unreadable(IOException e) {
    return new CouldNotRunException(
        "the log cannot be read: " + e.getMessage(),
        servers == null
            ? "see who may read the files, or use a copy of them"
            : "see whether that Kafka runs and has the topic, or use its files: --data DIR",
        e);
  }
}
