package dev.custody.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.chain.Envelope;
import dev.custody.delegation.Standing;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One evaluator: what the collector decides before a tool runs, the stream finds afterwards. */
class SameVerdictsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = "5d0c6a52-6b1e-4f0a-9d7c-0a4be2f1aaaa";
  private static final int CALLS = 150;

  /** A seed whose calls meet many verdicts. */
  private static final long VARIED = 1;

  private static final List<String> ACTIONS =
      List.of("tool:Read", "tool:Wr*", "tool:Bash", "tool:*", "s3:*", "git:*");
  private static final List<String> TOOLS = List.of("Read", "Write", "Bash", "WebFetch", "Grep");

  @Test
  void aCallIsJudgedAlikeBeforeItRunsAndInTheStream(@TempDir Path directory) throws Exception {
    compare(Long.getLong("custody.seed", new Random().nextLong()), directory);
  }

  @Test
  void whatIsComparedHasManyVerdicts(@TempDir Path directory) throws Exception {
    assertThat(compare(VARIED, directory))
        .contains(
            DelegationVerdict.WITHIN.name(),
            DelegationVerdict.OUTSIDE.name(),
            DelegationVerdict.UNCERTAIN.name(),
            DelegationVerdict.EXPIRED.name());
  }

  /** Answers the verdicts on which both agree. */
  private static Set<String> compare(long seed, Path directory) throws Exception {
    System.out.println("-Dcustody.seed=" + seed);
    Acme organisation = new Acme(directory);
    List<Step> steps = steps(new Random(seed));
    List<Scene.Arrival> arrivals;
    try (Scene scene = new Scene(organisation, directory.resolve("scene"), steps)) {
      arrivals = scene.play(steps);
    }
    Map<EventId, Attribution> judged =
        Graph.attributions(organisation, arrivals, directory.resolve("state"));

    Map<String, String> decided = new TreeMap<>();
    Map<String, String> found = new TreeMap<>();
    List<Instant> recorded = new ArrayList<>();
    Map<String, Instant> at = new HashMap<>();
    for (Scene.Arrival arrival : arrivals) {
      Envelope envelope = Formats.ENVELOPE.decode(arrival.value().toByteArray());
      Event event = Formats.EVENT.decode(envelope.event().toByteArray());
      switch (event.body()) {
        case Body.PolicyDecision decision ->
            decided.put(Objects.requireNonNull(event.toolCall()), decision.verdict());
        case Body.ToolCallRequested _ -> {
          Attribution act = Objects.requireNonNull(judged.get(event.id()));
          String call = Objects.requireNonNull(event.toolCall());
          found.put(call, act.delegation().verdict().name());
          at.put(call, event.observedAt());
        }
        case Body.DelegationGranted _, Body.DelegationRevoked _ -> recorded.add(event.observedAt());
        default -> {}
      }
    }

    assertThat(decided).as("seed %d", seed).hasSize(CALLS);
    // The collector cannot know of what is granted or revoked within the next seconds.
    at.forEach((call, moment) -> {
      if (recorded.stream().anyMatch(r -> moment.isBefore(r) && Standing.isNear(r, moment))
          && DelegationVerdict.UNCERTAIN.name().equals(found.get(call))) {
        decided.remove(call);
        found.remove(call);
      }
    });
    assertThat(found).as("seed %d", seed).isEqualTo(decided);
    return new HashSet<>(decided.values());
  }

  /** Grants of chance, some revoked, and calls of one session all along. */
  private static List<Step> steps(Random random) {
    List<Step> steps = new ArrayList<>();
    steps.add(custody(0, JSON.createObjectNode().set("policy", policy())));
    int grants = 3 + random.nextInt(4);
    for (int i = 0; i < grants; i++) {
      int recorded = random.nextInt(CALLS / 2);
      String id = "dlg-%08d".formatted(i);
      int from = recorded + random.nextInt(-30, 30);
      ObjectNode grant = JSON.createObjectNode();
      grant
          .put("id", id)
          .put("actions", String.join(",", some(random)))
          .put("from", from)
          .put("until", from + random.nextInt(10, CALLS));
      steps.add(custody(recorded, JSON.createObjectNode().set("grant", grant)));
      if (random.nextInt(3) == 0) {
        int revoked = recorded + 1 + random.nextInt(CALLS / 2);
        steps.add(custody(revoked, JSON.createObjectNode().put("revoke", id)));
      }
    }
    for (int i = 0; i < CALLS; i++) {
      steps.add(call(i, TOOLS.get(random.nextInt(TOOLS.size()))));
    }
    steps.sort(Comparator.comparing(Step::at));
    return steps;
  }

  private static List<String> some(Random random) {
    return ACTIONS.stream()
        .filter(each -> random.nextInt(3) == 0 || each.equals("tool:Read"))
        .toList();
  }

  private static ObjectNode policy() {
    return JSON.createObjectNode().put("mode", "enforce");
  }

  private static Step custody(int second, JsonNode record) {
    return new Step("custody", Duration.ofSeconds(second), record);
  }

  private static Step call(int number, String tool) {
    ObjectNode hook = JSON.createObjectNode();
    hook.put("session_id", SESSION)
        .put("transcript_path", "/home/dana/.claude/projects/api/x.jsonl")
        .put("cwd", "/home/dana/acme/api")
        .put("prompt_id", "9a8b7c6d-0001-4e5f-8a9b-0a4be2f10001")
        .put("hook_event_name", "PreToolUse")
        .put("permission_mode", "default")
        .put("tool_name", tool)
        .put("tool_use_id", "toolu_%06d".formatted(number));
    ObjectNode input = hook.putObject("tool_input");
    switch (tool) {
      case "Bash" -> input.put("command", "ls -l");
      case "WebFetch" -> input.put("url", "https://example.test/");
      case "Grep" -> input.put("pattern", "x");
      default -> input.put("file_path", "/home/dana/acme/api/a.txt");
    }
    return new Step("claude-code", Duration.ofMillis(1000L * number + 500), hook);
  }
}
