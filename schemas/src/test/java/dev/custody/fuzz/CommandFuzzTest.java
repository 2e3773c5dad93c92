package dev.custody.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.custody.act.Acts;
import dev.custody.shell.Shell;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;

/** Agents choose what a command line is: whatever it is, it is read, soon and to the bounds. */
class CommandFuzzTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @FuzzTest
  void anyCommandLineIsReadWithinTheBounds(byte[] bytes) {
    String line = new String(bytes, UTF_8);
    Assertions.assertTimeout(
        SOON,
        () ->
            assertThat(Shell.parse(line).pipelines())
                .hasSizeLessThanOrEqualTo(Shell.MOST_COMMANDS));
  }

  @FuzzTest
  void anyCommandLineSaysWhatItDoesTheSameEachTime(byte[] bytes) {
    String line = new String(bytes, UTF_8);
    Assertions.assertTimeout(
        SOON, () -> assertThat(Acts.ofCommand(line)).isEqualTo(Acts.ofCommand(line)));
  }

  @FuzzTest
  void anyInputOfAnyToolSaysWhatItDoes(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    for (String tool : new String[] {"Write", "apply_patch", "mcp__fs__read_file", "WebFetch"}) {
      Assertions.assertTimeout(
          SOON,
          () ->
              assertThat(
                      Acts.ofTool(
                          tool,
                          JsonNodeFactory.instance
                              .objectNode()
                              .put("file_path", text)
                              .put("command", text)
                              .put("url", text)))
                  .isNotNull());
    }
  }
}
