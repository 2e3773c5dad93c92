package dev.custody.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The campaign in short; {@code docs/reliability.md} has the command of the long one. */
class CrashCampaignTest {
  private static final int KILLS = Integer.getInteger("crash.kills", 10);

  @Test
  void whatWasAnsweredIsInTheLogOnceWheneverTheCollectorIsKilled() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    Path directory = Path.of("target", "crash");
    new CrashCampaign(seed, directory, Duration.ZERO, System.out).run(KILLS);
    // What failed is kept; what did not is gone.
    assertThat(directory.resolve("seed-%d-machine-0".formatted(seed))).doesNotExist();
  }
}
