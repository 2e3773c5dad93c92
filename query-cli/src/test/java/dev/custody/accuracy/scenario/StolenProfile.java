package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Instant;

/**
 * Where the session has a tag, somebody elsewhere has it and the human's own profile, and uses both
 * by a script while the agent runs one that does the same: the principal and the tag fit, and
 * neither is told by a command.
 */
final class StolenProfile implements AgentScenario {
  private static final String ELSEWHERE = "198.51.100.";

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential profile = session.developer().profile();
    AgentSession.Ran ran =
        session.bash(name(), "python tools/sync.py --all", dice.seconds(4, 15), "synced 12 rows");
    for (int i = dice.between(1, 3); i > 0; i--) {
      Instant at = ran.moment(dice.between(0, 10) / 10.0);
      session.cloud(name(), ran, at, Catalog.any(dice), profile, Client.BOTO3);
    }
    if (session.tag() == null) {
      return;
    }
    String address = ELSEWHERE + dice.between(1, 254);
    for (int i = dice.between(1, 2); i > 0; i--) {
      thief(session, ran.moment(dice.between(0, 10) / 10.0), address);
    }
  }

  private static void thief(AgentSession session, Instant at, String address) {
    var act = Catalog.any(session.dice());
    session
        .script()
        .cloud(
            at,
            act,
            new Script.Caller(
                session.developer().profile(),
                address,
                Client.BOTO3.userAgent(act.commandName(), session.tag())),
            new Actor.Other("thief"),
            Link.NONE,
            "StolenProfileInCallWithItsTag");
  }
}
