package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.world.Dice;
import java.time.Duration;
import java.util.List;

/** Reads, edits, tests: nothing of it reaches a cloud. */
final class OrdinaryWork implements AgentScenario {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> COMMANDS =
      List.of(
          "npm test",
          "kubectl get pods -n web",
          "ls -la src",
          "npm run build",
          "git status",
          "grep -rn deprecated src | head",
          "kubectl logs deploy/checkout --tail=50",
          "make lint");

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    if (dice.chance(0.4)) {
      reads(session);
    } else if (dice.chance(0.15)) {
      session.fails(name(), "npm test", dice.seconds(2, 30), "Exit code 1\n3 tests failed");
    } else {
      session.bash(name(), dice.pick(COMMANDS), dice.seconds(0.2, 40), "ok");
    }
  }

  private void reads(AgentSession session) {
    String path = session.repository().directory() + "/src/app-" + session.dice().hex(2) + ".ts";
    ObjectNode input = JSON.createObjectNode().put("file_path", path);
    ObjectNode response = JSON.createObjectNode().put("type", "text");
    response.putObject("file").put("filePath", path).put("content", "export const a = 1;\n");
    session.ran(
        name(),
        "Read",
        input,
        session.now(),
        Duration.ofMillis(20),
        () -> response,
        () -> "1\texport const a = 1;",
        null);
    session.pause(1, 10);
  }
}
