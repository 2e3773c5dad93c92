package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.time.Duration;
import java.time.Instant;

/** The tool answers at once, what it started goes on calling the cloud for minutes. */
final class BackgroundTask implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = dice.chance(0.5) ? session.projectKey() : session.developer().profile();
    if (key.equals(session.projectKey())) {
      KeyFromFile.show(name(), session);
    }
    ObjectNode input =
        Hooks.command("set -a; . ./.env; ./scripts/migrate-buckets.sh", "Migrate in background");
    input.put("run_in_background", true);
    String task = "b" + dice.hex(6);
    AgentSession.Ran ran =
        session.ran(
            name(),
            "Bash",
            input,
            session.now(),
            Duration.ofMillis(90),
            () -> Hooks.output("").put("backgroundTaskId", task),
            () -> "Command running in background with ID: " + task,
            null);
    Instant at = ran.end();
    for (int i = dice.between(2, 6); i > 0; i--) {
      at = at.plus(dice.seconds(5, 60));
      session.cloud(name(), ran, at, Catalog.any(dice), key, Client.AWS_CLI);
    }
    session.pause(1, 5);
  }
}
