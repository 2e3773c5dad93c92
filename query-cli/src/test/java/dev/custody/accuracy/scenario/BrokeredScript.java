package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** A script or Terraform asks the broker once and makes many calls. */
final class BrokeredScript implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    boolean terraform = dice.chance(0.4);
    AgentSession.Ran ran =
        session.bash(
            name(),
            terraform ? "terraform apply -auto-approve" : "python tools/sync.py --all",
            dice.seconds(5, 40),
            "done");
    Credential key = session.asks(name(), ran, ran.moment(0.05), true);
    int calls = dice.between(3, 7);
    for (int i = 0; i < calls; i++) {
      session.cloud(
          name(),
          ran,
          ran.moment(0.15 + 0.8 * i / calls),
          terraform ? Catalog.infrastructure(dice) : Catalog.any(dice),
          key,
          terraform ? Client.TERRAFORM : Client.BOTO3);
    }
  }
}
