package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tries rules that others wrote; {@code CUSTODY_SIGMA_RULES} names a directory of them. */
@EnabledIfEnvironmentVariable(named = "CUSTODY_SIGMA_RULES", matches = ".+")
class PublicRulesTest {
  private static final Pattern PLACEHOLDER = Pattern.compile("%([A-Za-z_][\\w-]*)%");

  /**
   * All that keeps a public rule from being loaded: it says so itself, it is of a form that was
   * given up before the specification's version 2, or it needs values that only its user has.
   */
  private static final Pattern REASON =
      Pattern.compile(
          ".*(?:status 'unsupported' says that the rule can't be used"
              + "|'timeframe' is no longer Sigma; it became correlations"
              + "|aggregation with '\\|' is no longer Sigma; it became correlations"
              + "|rule collections are no longer Sigma; write each rule in full"
              + "|placeholder %[\\w-]+% has no values; .*)");

  @Test
  void everyPublicRuleLoadsButWhatSaysThatItCannot() throws IOException {
    Path root = Path.of(System.getenv("CUSTODY_SIGMA_RULES"));
    Set<String> placeholders = new TreeSet<>();
    Map<String, String> refused = new TreeMap<>();
    List<Path> files = files(root);
    for (Path file : files) {
      String text = Files.readString(file);
      PLACEHOLDER.matcher(text).results().forEach(found -> placeholders.add(found.group(1)));
      LoadedRules loaded =
          LoadedRules.of(Map.of(root.relativize(file).toString(), text.getBytes(UTF_8)));
      loaded.refused().forEach(problem -> refused.putIfAbsent(problem.file(), problem.toString()));
    }
    refused.values().forEach(System.out::println);
    System.out.printf("%d of %d files load%n", files.size() - refused.size(), files.size());
    assertThat(files).isNotEmpty();
    assertThat(refused.values()).allMatch(problem -> REASON.matcher(problem).matches());

    StringBuilder values = new StringBuilder();
    placeholders.forEach(name -> values.append(name).append(": [a, b*]\n"));
    RuleContext context =
        new RuleContext(Placeholders.of("values.yml", values.toString().getBytes(UTF_8)), "");
    LoadedRules all = LoadedRules.load(context, root);
    all.warnings().forEach(System.out::println);
    System.out.printf(
        "with values for %d placeholders: %d rules, %d refused, %d warnings%n",
        placeholders.size(),
        all.set().documents().size(),
        all.refused().size(),
        all.warnings().size());
    assertThat(all.refused()).noneMatch(problem -> problem.text().startsWith("placeholder"));
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(".yml")).sorted().toList();
    }
  }
}
