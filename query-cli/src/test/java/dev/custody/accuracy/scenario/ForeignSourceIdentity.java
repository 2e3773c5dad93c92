package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Instant;

/**
 * Somebody else assumes the agents' own role with a key of their own, and gives it the session's
 * name and its delegation as source identity: as the broker would, but it was not the broker.
 */
final class ForeignSourceIdentity implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential own = Credential.ofUser("outsider", dice.accessKey("AKIA"));
    boolean sameName = dice.chance(0.5);
    Credential issued =
        Credential.ofRole(
                Credential.BROKERED_ROLE,
                sameName ? session.id() : "agent-" + dice.hex(8),
                dice.accessKey("ASIA"),
                own)
            .carrying(session.delegation());
    CloudAct act = Catalog.any(dice);
    AgentSession.Ran ran = session.bash(name(), "aws " + act.command(), dice.seconds(2, 6), "{}");
    Credential key = session.asks(name(), ran, ran.moment(0.1), true);
    session.cloud(name(), ran, ran.moment(0.4), act, key, Client.AWS_CLI);
    String address = dice.chance(0.5) ? session.developer().machine().address() : "198.51.100.77";
    CloudAct assume = Catalog.assumeRole(issued);
    session
        .script()
        .assumeRole(
            ran.moment(0.2),
            issued,
            caller(own, assume, address),
            new Actor.Other("outsider"),
            Link.NONE,
            name());
    outsider(session, issued, address, ran.moment(0.6), act);
    outsider(session, issued, address, ran.end().plus(dice.seconds(30, 600)), Catalog.any(dice));
  }

  private void outsider(
      AgentSession session, Credential key, String address, Instant at, CloudAct act) {
    session
        .script()
        .cloud(at, act, caller(key, act, address), new Actor.Other("outsider"), Link.NONE, name());
  }

  private static Script.Caller caller(Credential key, CloudAct act, String address) {
    return new Script.Caller(key, address, Client.AWS_CLI.userAgent(act.commandName(), null));
  }
}
