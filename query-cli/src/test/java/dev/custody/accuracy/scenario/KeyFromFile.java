package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;

/** The agent looks into {@code .env}, sees the project's key, and works with it. */
final class KeyFromFile implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = session.projectKey();
    show(name(), session);
    for (int i = dice.between(2, 5); i > 0; i--) {
      CloudAct act = Catalog.any(dice);
      Client client =
          dice.chance(0.12) ? Client.JS_SDK : dice.chance(0.14) ? Client.BOTO3 : Client.AWS_CLI;
      String command =
          switch (client) {
            case JS_SDK -> "node scripts/admin.js";
            // Neither what it is written in nor what it calls.
            case BOTO3 -> "./scripts/report.sh";
            default -> "aws " + act.command();
          };
      AgentSession.Ran ran =
          session.bash(
              name(), "set -a; . ./.env; " + command, dice.seconds(0.8, 6), "{\"ok\": true}");
      session.cloud(name(), ran, ran.moment(0.6), act, key, client);
      if (dice.chance(0.3)) {
        session.pause(20, 300);
      }
    }
  }

  /** Shows the project's key to the session. */
  static void show(String scenario, AgentSession session) {
    Dice dice = session.dice();
    Credential key = session.projectKey();
    boolean compose = dice.chance(0.4);
    String text =
        compose
            ? """
            services:
              app:
                environment:
                  AWS_ACCESS_KEY_ID: %s
                  AWS_SECRET_ACCESS_KEY: %s\
            """
            : "NODE_ENV=dev\nAWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s";
    session.bash(
        scenario,
        compose ? "docker compose config" : "cat .env",
        dice.seconds(0.05, 0.6),
        text.formatted(key.keyId(), dice.secretKey()));
    session.isShown(key);
  }
}
