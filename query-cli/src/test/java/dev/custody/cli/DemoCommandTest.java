package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo-tampered"})
  void whatAnEarlierDemoLeftIsRefusedBeforeAnythingIsWritten(String left, @TempDir Path directory)
      throws Exception {
    Path there = Files.createDirectory(directory.resolve(left));
    CommandRun.Result run = CommandRun.run("demo", "--into", directory.resolve("demo").toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--into: " + there + " exists").contains("remove it");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(there);
    }
  }
}
