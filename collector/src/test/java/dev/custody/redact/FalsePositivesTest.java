package dev.custody.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Of ordinary text hardly a line is touched. */
class FalsePositivesTest {
  private static final double MOST = 0.001;

  @Test
  void ofTheRepositorysOwnSourcesAndDocumentsHardlyALineIsTouched() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    Path repository =
        Files.isDirectory(here.resolve("docs")) ? here : Objects.requireNonNull(here.getParent());
    FalsePositives counted = new FalsePositives();
    counted.path(repository.resolve("docs"));
    for (String module : new String[] {"schemas", "collector", "stream-processor", "query-cli"}) {
      counted.path(repository.resolve(module).resolve("src/main/java"));
    }
    assertThat(counted.lines()).isGreaterThan(20_000);
    assertThat(counted.share()).as("%s", counted.samples()).isLessThan(MOST);
  }

  @Test
  void ofTheJdksSourcesHardlyALineIsTouched() throws Exception {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    assumeThat(sources).exists();
    FalsePositives counted = new FalsePositives();
    counted.path(sources);
    assertThat(counted.lines()).isGreaterThan(1_000_000);
    assertThat(counted.share()).as("%s", counted.samples()).isLessThan(MOST / 10);
  }
}
