package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** A script whose name says nothing of what it calls. */
final class PythonScript implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    boolean profile = dice.chance(0.5);
    Credential key = profile ? session.developer().profile() : session.projectKey();
    AgentSession.Ran ran =
        session.bash(name(), "python tools/sync.py --all", dice.seconds(2, 15), "synced 12 rows");
    for (int i = dice.between(1, 4); i > 0; i--) {
      session.cloud(
          name(),
          ran,
          ran.moment(dice.between(0, 10) / 10.0),
          Catalog.any(dice),
          key,
          Client.BOTO3);
    }
  }
}
