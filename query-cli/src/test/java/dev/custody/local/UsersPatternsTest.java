package dev.custody.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.enforce.Policy;
import dev.custody.http.HttpConfig;
import dev.custody.redact.SecretPatterns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's own patterns of secrets, at the start of a collector. */
class UsersPatternsTest {
  @TempDir private Path directory;

  @AfterEach
  void forget() {
    SecretPatterns.builtIn().putInForce();
  }

  private CollectorRole start(String patterns) throws Exception {
    Path own = Files.createDirectories(directory.resolve("data").resolve("collector"));
    Files.writeString(own.resolve("secrets.conf"), patterns);
    return CollectorRole.start(
        new CollectorRole.Config(
            directory.resolve("data"),
            "127.0.0.1:1",
            new HttpConfig("127.0.0.1", 0, Set.of("collector"), HttpConfig.BODY_TIMEOUT),
            1,
            (short) 1,
            "local",
            Policy.OBSERVE),
        Installation.open(directory.resolve("data"), directory.resolve("wrapping.key")));
  }

  @Test
  void aStartWithAFileThatIsNotUnderstoodIsRefused() {
    assertThatThrownBy(() -> start("kind acme-key high\n  word acme_ octal{30}\n"))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "%s:2: expected the name of an alphabet before '{', found octal; try: docs/redaction.md"
                .formatted(directory.resolve("data").resolve("collector").resolve("secrets.conf")));
  }

  @Test
  void aStartPutsTheFileInForce() throws Exception {
    try (CollectorRole _ =
        start("kind acme-key high\n  word acme_ hex{30,}\n  example acme_ 0a1b*8\n")) {
      assertThat(SecretPatterns.inForce()).isNotSameAs(SecretPatterns.builtIn());
    }
  }
}
