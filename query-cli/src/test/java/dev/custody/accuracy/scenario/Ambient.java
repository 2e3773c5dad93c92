package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Size;
import java.time.Duration;
import java.time.Instant;

/**
 * What no agent and no human does: the provider's own services, jobs of a build server that share a
 * role with agents, and a live service that works with the very key of a project.
 */
final class Ambient {
  private final Script script;
  private final Size size;

  Ambient(Script script, Size size) {
    this.script = script;
    this.size = size;
  }

  void provider(int calls) {
    for (int i = 0; i < calls; i++) {
      script.service(
          anyTime(),
          Catalog.infrastructure(script.dice()),
          script.dice().chance(0.5) ? "AWS Internal" : "autoscaling.amazonaws.com",
          "ProviderItself");
    }
  }

  /** Jobs without an agent; their role session is called as that of the jobs with one. */
  void builds(int jobs, String address) {
    Dice dice = script.dice();
    for (int i = 0; i < jobs; i++) {
      Credential job =
          Credential.ofRole("ci-deploy", "GitHubActions", dice.accessKey("ASIA"), null);
      Instant at = anyTime();
      for (int call = dice.between(2, 5); call > 0; call--) {
        at = at.plus(dice.seconds(2, 40));
        calls(at, job, address, Client.AWS_CLI, "build job", "BuildJobs");
      }
    }
  }

  void service(Credential key, String address, int calls) {
    for (int i = 0; i < calls; i++) {
      calls(anyTime(), key, address, Client.JAVA_SDK, "live service", "LiveServiceSharesKey");
    }
  }

  private void calls(
      Instant at, Credential key, String address, Client client, String who, String scenario) {
    CloudAct act = Catalog.any(script.dice());
    script.cloud(
        at,
        act,
        new Script.Caller(key, address, client.userAgent(act.commandName(), null)),
        new Actor.Other(who),
        Link.NONE,
        scenario);
  }

  private Instant anyTime() {
    return size.start().plus(script.dice().between(Duration.ZERO, size.day()));
  }
}
