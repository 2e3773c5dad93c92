package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may delegate: processes as a shell or an agent starts them. */
class DelegationsTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"grant", "revoke"})
  void insideAnAgentNothingIsGrantedOrRevoked(String command) throws Exception {
    Path data = directory.resolve("data");
    List<String> words =
        command.equals("grant")
            ? List.of(
                "delegate",
                "grant",
                "--human",
                "dana@example.test",
                "--agent",
                "claude-code",
                "--action",
                "s3:*",
                "--for",
                "1h",
                "--data",
                data.toString())
            : List.of("delegate", "revoke", "dlg-00000001", "--data", data.toString());
    try (CustodyProcess inside =
        CustodyProcess.startIn(
            directory, command, Map.of("CLAUDECODE", "1"), words.toArray(String[]::new))) {
      assertThat(inside.exitCode(LONG)).isEqualTo(2);
      assertThat(inside.err())
          .contains("refused: this command runs inside a coding agent (CLAUDECODE is set)");
      assertThat(inside.out()).isEmpty();
    }
    assertThat(Files.exists(data)).as("no key is made").isFalse();
  }
}
