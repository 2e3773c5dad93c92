package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Dice;

/** The AWS CLI with the human's own profile: its key is shown to nobody. */
final class ProfileCli implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    for (int i = dice.between(1, 3); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran ran =
          session.bash(name(), "aws " + act.command(), dice.seconds(0.7, 4), "{}");
      session.cloud(
          name(),
          ran,
          ran.moment(0.3 + 0.5 * dice.between(0, 10) / 10.0),
          act,
          session.developer().profile(),
          Client.AWS_CLI);
    }
  }
}
