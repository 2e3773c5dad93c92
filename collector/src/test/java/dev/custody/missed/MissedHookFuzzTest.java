package dev.custody.missed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.fuzz.Written;
import dev.custody.sighting.TestObserver;
import java.time.Instant;

class MissedHookFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @FuzzTest
  void aLineOfTheFileIsAMissedHookOrNone(byte[] bytes) {
    MissedHook.parse(new String(bytes, ISO_8859_1), NOW)
        .ifPresent(
            hook -> Written.allReadBack(hook.events(new TestObserver().of("dana"), "missed.1")));
  }
}
