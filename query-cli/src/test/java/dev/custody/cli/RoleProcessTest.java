package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleProcessTest {
  private static final Duration POLL = Duration.ofMillis(50);

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir private Path directory;

  private final AtomicBoolean well = new AtomicBoolean(true);
  private final AtomicBoolean closed = new AtomicBoolean();

  private CompletableFuture<Integer> serve(HealthFile health) {
    return CompletableFuture.supplyAsync(
        () -> RoleProcess.serve("ready", () -> closed.set(true), well::get, health));
  }

  @Test
  void theHealthFileIsRenewedWhileTheRoleIsWellAndGoneWhenItFailed() throws Exception {
    Path file = directory.resolve("healthy");
    Files.createFile(file);
    Files.setLastModifiedTime(file, LONG_AGO);

    CompletableFuture<Integer> served = serve(HealthFile.at(file));
    awaitRenewed(file);
    Files.setLastModifiedTime(file, LONG_AGO);
    awaitRenewed(file);

    well.set(false);
    assertThatThrownBy(() -> served.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(CouldNotRunException.class)
        .hasMessage("the role failed; the log above says why");
    assertThat(file).doesNotExist();
    assertThat(closed).isTrue();
  }

  @Test
  void aHealthFileThatCannotBeWrittenEndsTheRoleAtOnce() {
    Path file = directory.resolve("missing").resolve("healthy");
    assertThatThrownBy(() -> serve(HealthFile.at(file)).get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(CouldNotRunException.class)
        .hasMessageStartingWith("the health file cannot be written: ")
        .hasMessageContaining(file.toString());
    assertThat(closed).isTrue();
  }

  @Test
  void aHealthFileThatVanishesIsMadeAgain() throws Exception {
    Path file = directory.resolve("healthy");
    HealthFile health = HealthFile.at(file);
    health.begin();
    Files.delete(file);
    health.renew();
    assertThat(file).exists();
    health.end();
    assertThat(file).doesNotExist();
  }

  private static void awaitRenewed(Path file) throws IOException {
    Instant end = Instant.now().plus(Duration.ofSeconds(20));
    while (!Files.exists(file) || Files.getLastModifiedTime(file).equals(LONG_AGO)) {
      assertThat(Instant.now()).as("renewed in time").isBefore(end);
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
