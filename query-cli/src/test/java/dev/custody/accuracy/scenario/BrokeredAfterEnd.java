package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Dice;
import java.time.Instant;

/** The session ends; the task that it left running goes on with its brokered key. */
final class BrokeredAfterEnd implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    BrokeredBackground.Started task = BrokeredBackground.start(name(), session);
    session.pause(3, 20);
    session.end(false);
    Instant at = session.now();
    for (int i = dice.between(1, 3); i > 0; i--) {
      at = at.plus(dice.seconds(10, 300));
      session.cloud(name(), task.ran(), at, Catalog.any(dice), task.key(), Client.AWS_CLI);
    }
  }
}
