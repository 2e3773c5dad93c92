package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** The human's prompt gave the agent a key; its command says it out loud. */
final class KeyInCommand implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = session.projectKey();
    CloudAct act = Catalog.any(dice);
    String command =
        "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s aws %s"
            .formatted(key.keyId(), dice.secretKey(), act.command());
    session.names(key);
    AgentSession.Ran ran = session.bash(name(), command, dice.seconds(0.8, 4), "{}");
    session.cloud(name(), ran, ran.moment(0.5), act, key, Client.AWS_CLI);
  }
}
