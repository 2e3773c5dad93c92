package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/**
 * The agent uses a key that belongs to another project's agents: visibly, by saying it in its
 * command, or invisibly, by a script that reads it from the other project's file.
 */
final class Borrows implements AgentScenario {
  private final KeyRing keys;

  Borrows(KeyRing keys) {
    this.keys = keys;
  }

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential other = keys.another(session.projectKey(), dice);
    CloudAct act = Catalog.any(dice);
    boolean visible = dice.chance(0.5);
    String scenario = visible ? "BorrowsVisibly" : "BorrowsInvisibly";
    String command =
        visible
            ? "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s aws %s"
                .formatted(other.keyId(), dice.secretKey(), act.command())
            : "python tools/report.py";
    if (visible) {
      session.names(other);
    }
    AgentSession.Ran ran = session.bash(scenario, command, dice.seconds(1, 5), "{}");
    session.cloud(
        scenario, ran, ran.moment(0.5), act, other, visible ? Client.AWS_CLI : Client.BOTO3);
  }
}
