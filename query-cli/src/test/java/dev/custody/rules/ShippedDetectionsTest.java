package dev.custody.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.detect.ShippedRules;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shipped rule, run over the records in its folder. */
class ShippedDetectionsTest {
  static final Path RULES = Path.of("../stream-processor/src/main/resources/dev/custody/rules");

  private static final RuleSet SHIPPED = ShippedRules.load();
  private static final Set<String> FIRED = new HashSet<>();

  /** Each sequence is a world of its own; two are played at a time. */
  private static final Map<String, Future<Collection<JsonNode>>> PLAYED = new HashMap<>();

  private static final ExecutorService PLAYERS = Executors.newFixedThreadPool(2);

  @TempDir static Path directory;
  private static Acme organisation;

  @BeforeAll
  static void play() throws Exception {
    organisation = new Acme(directory.resolve("organisation"));
    for (String sequence : sequences().toList()) {
      Path here = directory.resolve("sequence-" + PLAYED.size());
      PLAYED.put(sequence, PLAYERS.submit(() -> played(RULES.resolve(sequence), here)));
    }
  }

  private static Collection<JsonNode> played(Path file, Path here) throws Exception {
    List<Step> steps = Step.read(file);
    assertThat(steps).isNotEmpty();
    List<Scene.Arrival> arrivals;
    try (Scene scene = new Scene(organisation, here.resolve("scene"), steps)) {
      arrivals = scene.play(steps);
    }
    return Graph.alerts(organisation, SHIPPED, arrivals, here.resolve("state"));
  }

  static Stream<String> sequences() throws IOException {
    try (Stream<Path> files = Files.walk(RULES)) {
      String only = System.getProperty("custody.rules.only", "");
      List<String> names =
          files
              .filter(file -> file.toString().endsWith(".jsonl"))
              .map(file -> RULES.relativize(file).toString())
              .filter(name -> name.startsWith(only))
              .sorted()
              .toList();
      return names.stream();
    }
  }

  @AfterAll
  static void end() {
    PLAYERS.shutdownNow();
  }

  @AfterAll
  static void everyRuleThatTellsIsFiredByASequenceOfItsFolder() {
    if (System.getProperty("custody.rules.only") == null) {
      assertThat(FIRED)
          .containsAll(
              SHIPPED.documents().stream().map(RuleDocument::id).filter(SHIPPED::tells).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void sequencesFireTheRuleOfTheirFolderOrMustNot(String sequence) throws Exception {
    Path file = RULES.resolve(sequence);
    Collection<JsonNode> open = Objects.requireNonNull(PLAYED.get(sequence)).get();
    List<String> rules =
        open.stream().map(finding -> finding.at("/finding_info/analytic/uid").asText()).toList();
    List<String> ids = RuleFolder.ids(Objects.requireNonNull(file.getParent()));
    boolean near = String.valueOf(file.getFileName()).startsWith("near");
    if (near) {
      assertThat(rules).as("fires: %s", open).doesNotContainAnyElementsOf(ids);
    } else {
      assertThat(rules).as("findings: %s", open).containsAnyElementsOf(ids);
      rules.stream().filter(ids::contains).forEach(FIRED::add);
    }
  }
}
