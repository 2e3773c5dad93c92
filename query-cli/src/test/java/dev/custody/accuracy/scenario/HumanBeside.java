package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Instant;

/**
 * The human works in another window while the agent's call runs: with the same profile, or with the
 * project's key; from the same address, with the same program.
 */
final class HumanBeside implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    CloudAct act = Catalog.any(dice);
    boolean profile = dice.chance(0.6);
    Credential key = profile ? session.developer().profile() : session.projectKey();
    if (!profile) {
      KeyFromFile.show(name(), session);
    }
    AgentSession.Ran ran =
        session.bash(name(), "set -a; . ./.env; aws " + act.command(), dice.seconds(2, 8), "{}");
    session.cloud(name(), ran, ran.moment(0.2), act, key, Client.AWS_CLI);
    byHand(session, ran.moment(0.7), dice.chance(0.2) ? act : Catalog.any(dice), key);
    AgentSession.Ran test = session.bash(name(), "npm test", dice.seconds(5, 40), "ok");
    byHand(session, test.moment(0.5), Catalog.any(dice), key);
  }

  private void byHand(AgentSession session, Instant at, CloudAct act, Credential key) {
    session
        .script()
        .cloud(
            at,
            act,
            new Script.Caller(
                key,
                session.developer().machine().address(),
                Client.AWS_CLI.userAgent(act.commandName(), null)),
            new Actor.ByHand(session.developer().email()),
            Link.NONE,
            name());
  }
}
