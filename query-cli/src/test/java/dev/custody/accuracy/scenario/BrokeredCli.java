package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** The AWS CLI asks the broker by itself, each time it runs ({@code credential_process}). */
final class BrokeredCli implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    for (int i = dice.between(1, 3); i > 0; i--) {
      calls(name(), session, true);
    }
  }

  /** One command, which gets its own credential. */
  static void calls(String scenario, AgentSession session, boolean recorded) {
    Dice dice = session.dice();
    CloudAct act = Catalog.any(dice);
    AgentSession.Ran ran =
        session.bash(scenario, "aws " + act.command(), dice.seconds(1.2, 5), "{\"ok\": true}");
    Credential key = session.asks(scenario, ran, ran.moment(0.2), recorded);
    session.cloud(scenario, ran, ran.moment(0.7), act, key, Client.AWS_CLI);
  }

  /** Puts a credential into a file that the session's shell reads; nobody is shown it. */
  static Credential kept(String scenario, AgentSession session) {
    AgentSession.Ran ran =
        session.bash(
            scenario,
            "custody credential aws > ~/.aws/agent.json",
            session.dice().seconds(0.8, 2),
            "");
    return session.asks(scenario, ran, ran.moment(0.5), true);
  }
}
