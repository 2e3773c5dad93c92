package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/**
 * The agent assumes a role by hand and sees the new key; or the AWS CLI does so for it, and only
 * the provider's record of AssumeRole tells where the new key came from.
 */
final class AssumesRole implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    if (dice.chance(0.5)) {
      KeyFromFile.show(name(), session);
      byHand(session);
    } else {
      KeyFromFile.show(name(), session);
      silently(session);
    }
  }

  private void byHand(AgentSession session) {
    Dice dice = session.dice();
    Credential issued = issued(session, "agent-" + dice.hex(8));
    AgentSession.Ran ran =
        session.bash(
            name(),
            "set -a; . ./.env; aws " + Catalog.assumeRole(issued).command(),
            dice.seconds(0.8, 2),
            "{\"Credentials\": {\"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}, \"AssumedRoleUser\": {\"Arn\": \"%s\"}}"
                .formatted(issued.keyId(), dice.secretKey(), issued.arn()));
    session.assumes(name(), ran, ran.moment(0.5), issued);
    session.isShown(issued);
    session.isShownRole(issued);
    uses(session, issued, "");
  }

  private void silently(AgentSession session) {
    Dice dice = session.dice();
    Credential issued = issued(session, "botocore-session-" + dice.between(1_000_000, 9_999_999));
    CloudAct act = Catalog.any(dice);
    AgentSession.Ran ran =
        session.bash(
            name(),
            "set -a; . ./.env; aws --profile deploy " + act.command(),
            dice.seconds(1.2, 4),
            "{}");
    session.assumes(name(), ran, ran.moment(0.3), issued, act.commandName());
    session.cloud(name(), ran, ran.moment(0.8), act, issued, Client.AWS_CLI);
    // The CLI keeps what it got: the next calls use it without asking again.
    uses(session, issued, "--profile deploy ");
  }

  private void uses(AgentSession session, Credential issued, String option) {
    Dice dice = session.dice();
    for (int i = dice.between(1, 4); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      AgentSession.Ran ran =
          session.bash(name(), "aws " + option + act.command(), dice.seconds(0.8, 4), "{}");
      session.cloud(name(), ran, ran.moment(0.5), act, issued, Client.AWS_CLI);
    }
  }

  private static Credential issued(AgentSession session, String roleSession) {
    return Credential.ofRole(
        "deploy", roleSession, session.dice().accessKey("ASIA"), session.projectKey());
  }
}
