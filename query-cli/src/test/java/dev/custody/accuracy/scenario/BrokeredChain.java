package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** With a brokered key the agent assumes a role, and sometimes another with that; shown or not. */
final class BrokeredChain implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = BrokeredCli.kept(name(), session);
    for (int hops = dice.between(1, 2); hops > 0; hops--) {
      key = hop(session, key);
    }
    for (int i = dice.between(1, 3); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran ran =
          session.bash(name(), "aws --profile next " + act.command(), dice.seconds(0.8, 4), "{}");
      session.cloud(name(), ran, ran.moment(0.5), act, key, Client.AWS_CLI);
    }
  }

  private Credential hop(AgentSession session, Credential parent) {
    Dice dice = session.dice();
    Credential issued =
        Credential.ofRole("deploy", "agent-" + dice.hex(8), dice.accessKey("ASIA"), parent);
    boolean shown = dice.chance(0.4);
    AgentSession.Ran ran =
        session.bash(
            name(),
            shown
                ? "aws " + Catalog.assumeRole(issued).command()
                : "./scripts/next-role.sh > ~/.aws/next.json",
            dice.seconds(0.8, 2),
            shown
                ? "{\"Credentials\": {\"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}}"
                    .formatted(issued.keyId(), dice.secretKey())
                : "");
    session.assumes(name(), ran, ran.moment(0.5), issued);
    if (shown) {
      session.isShown(issued);
    }
    return issued;
  }
}
