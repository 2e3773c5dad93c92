package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An agent gives its calls the tag of another session, so that they look like that one's. */
final class SpoofedTag implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = BrokeredCli.kept(name(), session);
    String tag = anothers(session);
    for (int i = dice.between(1, 2); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran ran =
          session.bash(
              name(),
              "AWS_SDK_UA_APP_ID=$(cat /tmp/app-id) aws " + act.command(),
              dice.seconds(0.8, 4),
              "{}");
      Script.Caller caller =
          new Script.Caller(
              key,
              session.developer().machine().address(),
              Client.AWS_CLI.userAgent(act.commandName(), tag));
      session
          .script()
          .cloud(
              ran.moment(0.5),
              act,
              caller,
              session.actor(ran),
              session.link(key),
              session.cause(name()));
    }
  }

  /** Stands for the tag of another session; null when no other has one. */
  static @Nullable String anothers(AgentSession session) {
    List<String> others =
        session.script().tagged().stream().filter(id -> !id.equals(session.id())).toList();
    return others.isEmpty() ? null : "@" + session.dice().pick(others) + "@";
  }
}
