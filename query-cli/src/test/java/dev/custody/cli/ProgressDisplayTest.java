package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a bar shows to somebody who looks at it. */
class ProgressDisplayTest {
  private static final long MIB = 1 << 20;

  private final BlockingQueue<String> drawn = new LinkedBlockingQueue<>();

  private ProgressDisplay display(boolean shown, Duration moment) {
    return new ProgressDisplay(
        "importing",
        " MiB",
        MIB,
        true,
        shown,
        moment,
        new DelegatingProgressBarConsumer(line -> drawn.add(line), 120));
  }

  /** The first line for which {@code wanted} holds, while bytes go on to be read, one at a time. */
  private @Nullable String line(ProgressDisplay display, long most, Predicate<String> wanted)
      throws InterruptedException {
    for (int bytes = 0; bytes < 100; bytes++) {
      display.at(5 * MIB + bytes, most);
      String line = drawn.poll(1, TimeUnit.SECONDS);
      if (line != null && wanted.test(line)) {
        return line;
      }
    }
    return null;
  }

  @Test
  void halfOfAnImportShowsItsRateAndTheTimeThatIsLeft() throws Exception {
    try (ProgressDisplay display = display(true, Duration.ZERO)) {
      display.at(0, 10 * MIB);
      assertThat(line(display, 10 * MIB, l -> l.contains("50%") && !l.contains("?")))
          .containsPattern("5/ *10 MiB")
          .containsPattern("\\(0:00:\\d\\d / 0:00:\\d\\d\\)")
          .containsPattern("[0-9.]+ MiB/s");
    }
  }

  @Test
  void whereNobodyKnowsTheEndThereIsARateAndNoTimeLeft() throws Exception {
    try (ProgressDisplay display = display(true, Duration.ZERO)) {
      display.at(0, -1);
      assertThat(line(display, -1, l -> l.contains("5/? MiB")))
          .containsPattern("/ \\?\\)")
          .containsPattern("MiB/s");
    }
  }

  @Test
  void whereNobodyLooksOrItTakesAMomentNothingIsDrawn() {
    try (ProgressDisplay unseen = display(false, Duration.ZERO);
        ProgressDisplay brief = display(true, Duration.ofHours(1))) {
      unseen.at(5 * MIB, 10 * MIB);
      brief.at(5 * MIB, 10 * MIB);
    }
    assertThat(drawn).isEmpty();
  }
}
