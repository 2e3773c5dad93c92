package dev.custody.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tries rules that others wrote; {@code CUSTODY_SIGMA_RULES} names a directory of them. */
@EnabledIfEnvironmentVariable(named = "CUSTODY_SIGMA_RULES", matches = ".+")
class PublicRulesTest {

  @Test
  void publicRulesLoadOrAreRefusedWithAReason() throws IOException {
    Path root = Path.of(System.getenv("CUSTODY_SIGMA_RULES"));
    Map<String, String> refused = new TreeMap<>();
    List<Path> files = files(root);
    for (Path file : files) {
      try {
        RuleSet.of(Map.of(root.relativize(file).toString(), Files.readAllBytes(file)));
      } catch (RuleError e) {
        refused.put(e.file(), String.valueOf(e.getMessage()));
      }
    }
    refused.values().forEach(System.out::println);
    System.out.printf("%d of %d files load%n", files.size() - refused.size(), files.size());
    assertThat(refused.size()).isLessThan(files.size());
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(".yml")).sorted().toList();
    }
  }
}
