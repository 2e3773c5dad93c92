package dev.custody.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/**
 * A file whose age tells whoever watches this process whether it is well: its time is set every
 * {@value RoleProcess#LOOK_EVERY_SECONDS} seconds for as long as the role says that it is, and the
 * file is gone when the role ended. Its content says nothing and nothing durable hangs on it.
 */
final class HealthFile {
  private static final Logger LOG = LoggerFactory.getLogger(HealthFile.class);

  @Option(
      names = "--health-file",
      paramLabel = "FILE",
      description =
          "Its time is set every 2 s while this role is well, for health checks; gone when it ends.")
  private @Nullable Path file;

  private boolean warned;

  HealthFile() {}

  /** As the command line would make it. */
  static HealthFile at(Path file) {
    HealthFile health = new HealthFile();
    health.file = file;
    return health;
  }

  /**
   * Sets the time for the first time.
   *
   * @throws CouldNotRunException when it cannot: whoever watches would hold a role that is well for
   *     one that is not
   */
  void begin() {
    try {
      touch();
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the health file cannot be written: " + e,
          "name one in a directory that this user may write: --health-file FILE",
          e);
    }
  }

  /** Sets the time. The role goes on when that fails: what it does is worth more than the sign. */
  void renew() {
    try {
      touch();
    } catch (IOException e) {
      if (!warned) {
        LOG.warn("the health file {} is renewed no longer: {}", file, e.toString());
      }
      warned = true;
    }
  }

  /** Takes the file away. */
  void end() {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("the health file {} is left behind: {}", file, e.toString());
    }
  }

  private void touch() throws IOException {
    if (file == null) {
      return;
    }
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }
}
