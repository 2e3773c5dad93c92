package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** One command that makes many calls over most of a minute. */
final class Terraform implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    boolean profile = dice.chance(0.6);
    Credential key = profile ? session.developer().profile() : session.projectKey();
    if (!profile) {
      KeyFromFile.show(name(), session);
    }
    String command = dice.chance(0.5) ? "terraform plan" : "terraform apply -auto-approve";
    AgentSession.Ran ran =
        session.bash(
            name(),
            profile ? command : "set -a; . ./.env; " + command,
            dice.seconds(8, 70),
            "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.");
    int calls = dice.between(4, 9);
    for (int i = 0; i < calls; i++) {
      session.cloud(
          name(),
          ran,
          ran.moment((i + 0.5) / calls),
          Catalog.infrastructure(dice),
          key,
          Client.TERRAFORM);
    }
  }
}
