package dev.custody.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.detect.ShippedRules;
import dev.custody.source.agent.Recordings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped rules say of work that nobody would be alarmed about, and of nothing else. */
class OrdinaryWorkTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> QUIET = Set.of("Informational", "Low");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-code/rare-events | Agent wrote its own settings",
        "claude-code/http-deny | ",
        "claude-code/permission-request | ",
        "claude-code/api-error | ",
        "claude-code/full | Agent had a command print secrets",
        "claude-code/2.1.197-full | Agent had a command print secrets",
        "codex/0.169.0-full | Agent had a command print secrets; Agent ran with its permission checks switched off",
        "gemini-cli/0.61.0-full | Agent had a command print secrets",
        "opencode/1.18.33-full | Agent had a command print secrets",
      })
  void recordedSessionsRaiseAboveLowWhatIsInThemAndNothingElse(String recording, String titles)
      throws Exception {
    String source = recording.substring(0, recording.indexOf('/'));
    List<Step> steps = new ArrayList<>();
    for (byte[] body : Recordings.bodies(recording)) {
      steps.add(new Step(source, Duration.ofMillis(500L * steps.size()), JSON.readTree(body)));
    }
    Acme organisation = new Acme(directory.resolve("keys"));
    List<Scene.Arrival> arrivals;
    try (Scene scene = new Scene(organisation, directory.resolve("scene"), steps)) {
      arrivals = scene.play(steps);
    }
    Map<String, Integer> loud =
        loud(Graph.alerts(organisation, ShippedRules.load(), arrivals, directory.resolve("state")));
    Set<String> expected =
        titles == null ? Set.of() : new TreeSet<>(List.of(titles.split(" *; *", -1)));
    assertThat(loud.keySet()).as("%s", loud).isEqualTo(expected);
  }

  private static Map<String, Integer> loud(Collection<JsonNode> findings) {
    Map<String, Integer> loud = new TreeMap<>();
    for (JsonNode finding : findings) {
      if (!QUIET.contains(finding.path("severity").asText())) {
        loud.merge(finding.at("/finding_info/title").asText(), 1, Integer::sum);
      }
    }
    return loud;
  }
}
