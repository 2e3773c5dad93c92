package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** {@code get-caller-identity} shows the role session; a human or a job may use the same one. */
final class AsksWhoItIs implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential profile = session.developer().profile();
    CloudAct asks = Catalog.callerIdentity();
    AgentSession.Ran ran =
        session.bash(
            name(),
            "aws sts get-caller-identity",
            dice.seconds(0.7, 2),
            "{\"Account\": \"%s\", \"Arn\": \"%s\"}".formatted(Credential.ACCOUNT, profile.arn()));
    if (profile.principal() instanceof Credential.Principal.RoleSession) {
      session.isShownRole(profile);
    }
    session.cloud(name(), ran, ran.moment(0.6), asks, profile, Client.AWS_CLI);
    for (int i = dice.between(1, 3); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran next =
          session.bash(name(), "aws " + act.command(), dice.seconds(0.7, 3), "{}");
      session.cloud(name(), next, next.moment(0.5), act, profile, Client.AWS_CLI);
    }
  }
}
