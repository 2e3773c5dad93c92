package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.time.Duration;
import java.time.Instant;

/** A background task with a brokered key, whose tool has long answered. */
final class BrokeredBackground implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Started task = start(name(), session);
    Instant at = task.ran().end();
    for (int i = dice.between(2, 5); i > 0; i--) {
      at = at.plus(dice.seconds(5, 60));
      session.cloud(name(), task.ran(), at, Catalog.any(dice), task.key(), Client.AWS_CLI);
    }
    session.pause(1, 5);
  }

  /** A task that runs on, and its credential. */
  record Started(AgentSession.Ran ran, Credential key) {}

  static Started start(String scenario, AgentSession session) {
    ObjectNode input = Hooks.command("./scripts/migrate-buckets.sh", "Migrate in background");
    input.put("run_in_background", true);
    String task = "b" + session.dice().hex(6);
    AgentSession.Ran ran =
        session.ran(
            scenario,
            "Bash",
            input,
            session.now(),
            Duration.ofMillis(150),
            () -> Hooks.output("").put("backgroundTaskId", task),
            () -> "Command running in background with ID: " + task,
            null);
    return new Started(ran, session.asks(scenario, ran, ran.end().plusMillis(900), true));
  }
}
