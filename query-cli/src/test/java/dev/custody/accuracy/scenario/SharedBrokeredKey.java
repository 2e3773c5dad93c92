package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Duration;
import java.time.Instant;

/**
 * Another agent of the same human, on the same machine, uses the holder's brokered key, while the
 * holder's call runs and when the holder rests: with the key in its command, after it was shown it,
 * or by a script that says nothing.
 */
final class SharedBrokeredKey implements AgentScenario {
  private static final String HOLDERS_FILE = "~/.aws/agent.json";

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = BrokeredCli.kept(name(), session);
    AgentSession other = session.beside();
    session.waits(other.now());
    AgentSession.Ran test = session.bash(name(), Quiet.test(dice), dice.seconds(20, 40), "ok");
    other.waits(test.start().plusSeconds(1));
    boolean visible = dice.chance(0.6);
    if (visible) {
      visibly(other, key, "SharedVisiblyInCall");
    } else {
      invisibly(other, key, "SharedInvisiblyInCall", session);
    }
    other.waits(test.end().plus(dice.seconds(20, 120)));
    if (visible) {
      visibly(other, key, "SharedVisiblyIdle");
    } else {
      invisibly(other, key, "SharedInvisiblyIdle", session);
    }
    other.end(false);
    session.waits(other.now());
  }

  private static void visibly(AgentSession other, Credential key, String scenario) {
    Dice dice = other.dice();
    CloudAct act = Catalog.any(dice);
    String command = "aws --profile agent " + act.command();
    if (dice.chance(0.5)) {
      other.bash(
          scenario,
          "cat " + HOLDERS_FILE,
          dice.seconds(0.1, 0.4),
          "{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}"
              .formatted(key.keyId(), dice.secretKey()));
      other.isShown(key);
    } else {
      command =
          "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s aws %s"
              .formatted(key.keyId(), dice.secretKey(), act.command());
      other.names(key);
    }
    AgentSession.Ran ran = other.bash(scenario, command, dice.seconds(0.8, 4), "{}");
    other.cloud(scenario, ran, ran.moment(0.5), act, key, Client.AWS_CLI);
  }

  // Outside the holder's calls, the missing call is a trace; inside one, nothing differs.
  private static void invisibly(
      AgentSession other, Credential key, String scenario, AgentSession holder) {
    Dice dice = other.dice();
    CloudAct act = Catalog.any(dice);
    Quiet script = Quiet.script(dice);
    AgentSession.Ran ran = other.bash(scenario, script.command(), Duration.ofSeconds(2), "done");
    Instant at = ran.moment(0.5);
    Script.Caller caller =
        new Script.Caller(
            key,
            other.developer().machine().address(),
            script.client().userAgent(act.commandName(), null));
    Link link = holder.mayRunAt(at) ? Link.SAME_USER : Link.NONE;
    other.script().cloud(at, act, caller, other.actor(ran), link, other.cause(scenario));
  }
}
