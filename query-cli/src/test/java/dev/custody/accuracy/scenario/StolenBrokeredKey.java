package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody elsewhere uses a brokered key: while the holder's call runs, the same operation as it
 * and another one, and when the holder rests; without a tag, with the holder's, with another
 * session's.
 */
final class StolenBrokeredKey implements AgentScenario {
  private static final String ELSEWHERE = "198.51.100.";

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = BrokeredCli.kept(name(), session);
    CloudAct own = Catalog.any(dice);
    AgentSession.Ran ran = session.bash(name(), "aws " + own.command(), dice.seconds(2, 7), "{}");
    session.cloud(name(), ran, ran.moment(0.3), own, key, Client.AWS_CLI);
    thief(session, key, ran.moment(0.6), own, "StolenBrokeredKeyInCall");
    thief(session, key, ran.moment(0.8), Catalog.any(dice), "StolenBrokeredKeyInCall");
    Instant later = ran.end().plus(dice.seconds(30, 900));
    thief(session, key, later, Catalog.any(dice), "StolenBrokeredKeyIdle");
  }

  private static void thief(
      AgentSession session, Credential key, Instant at, CloudAct act, String scenario) {
    Dice dice = session.dice();
    String words = dice.pick(List.of("", "WithItsTag", "WithAnothersTag"));
    Client client = dice.chance(0.6) ? Client.AWS_CLI : Client.BOTO3;
    session
        .script()
        .cloud(
            at,
            act,
            new Script.Caller(
                key,
                ELSEWHERE + dice.between(1, 254),
                client.userAgent(act.commandName(), tag(session, words))),
            new Actor.Other("thief"),
            Link.NONE,
            scenario + words);
  }

  private static @Nullable String tag(AgentSession session, String words) {
    return switch (words) {
      case "WithItsTag" -> session.tag();
      case "WithAnothersTag" -> SpoofedTag.anothers(session);
      default -> null;
    };
  }
}
