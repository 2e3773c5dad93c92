package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Instant;

/**
 * Somebody elsewhere uses a key that the session was shown: while the agent works with it, and when
 * it does not; sometimes with a tag of Custody's in the user agent.
 */
final class StolenKey implements AgentScenario {
  private static final String ELSEWHERE = "198.51.100.";

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = session.projectKey();
    KeyFromFile.show(name(), session);
    CloudAct own = Catalog.any(dice);
    AgentSession.Ran ran =
        session.bash(name(), "set -a; . ./.env; aws " + own.command(), dice.seconds(1.5, 6), "{}");
    session.cloud(name(), ran, ran.moment(0.3), own, key, Client.AWS_CLI);
    thief(session, ran.moment(0.6), own, "StolenKeyInCall");
    thief(session, ran.moment(0.8), Catalog.any(dice), "StolenKeyInCall");
    thief(
        session, ran.end().plusSeconds(dice.between(30, 900)), Catalog.any(dice), "StolenKeyIdle");
  }

  private static void thief(AgentSession session, Instant at, CloudAct act, String scenario) {
    Dice dice = session.dice();
    String tag = dice.chance(0.4) ? "custody-" + dice.hex(20) : null;
    String leaked = dice.chance(0.5) ? session.tag() : null;
    String words = leaked != null ? "WithItsTag" : tag != null ? "WithMadeUpTag" : "";
    Client client = dice.chance(0.6) ? Client.AWS_CLI : Client.BOTO3;
    session
        .script()
        .cloud(
            at,
            act,
            new Script.Caller(
                session.projectKey(),
                ELSEWHERE + dice.between(1, 254),
                client.userAgent(act.commandName(), leaked == null ? tag : leaked)),
            new Actor.Other("thief"),
            Link.NONE,
            scenario + words);
  }
}
