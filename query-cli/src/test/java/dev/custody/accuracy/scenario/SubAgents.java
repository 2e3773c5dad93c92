package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.time.Duration;
import java.time.Instant;

/** Two sub-agents work at once, with one key. */
final class SubAgents implements AgentScenario {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    boolean shown = dice.chance(0.6);
    Credential key = shown ? session.projectKey() : session.developer().profile();
    if (shown) {
      KeyFromFile.show(name(), session);
    }
    Instant end = session.now();
    for (int agent = 0; agent < 2; agent++) {
      Instant until = works(session, key, session.now().plusMillis(300L * agent));
      end = until.isAfter(end) ? until : end;
    }
    session.waits(end);
  }

  private Instant works(AgentSession session, Credential key, Instant begin) {
    Dice dice = session.dice();
    String agent = "a" + dice.hex(16);
    ObjectNode input = JSON.createObjectNode().put("description", "Look around");
    input.put("prompt", "Look at the resources.").put("subagent_type", "general-purpose");
    ObjectNode launched = JSON.createObjectNode().put("isAsync", true);
    launched.put("status", "async_launched").put("agentId", agent);
    session.ran(
        name(),
        "Agent",
        input,
        begin,
        Duration.ofMillis(12),
        () -> launched,
        () -> "Async agent launched successfully.",
        null);
    Instant at = begin.plusMillis(40);
    session.subAgent("SubagentStart", at, agent);
    for (int i = dice.between(1, 3); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran ran =
          session.ran(
              name(),
              "Bash",
              Hooks.command("set -a; . ./.env; aws " + act.command(), "Look"),
              at.plusMillis(300),
              dice.seconds(0.8, 4),
              () -> Hooks.output("{}"),
              () -> "{}",
              agent);
      session.cloud(name(), ran, ran.moment(0.5), act, key, Client.AWS_CLI);
      at = ran.end().plus(dice.seconds(0.5, 5));
    }
    session.subAgent("SubagentStop", at, agent);
    return at;
  }
}
