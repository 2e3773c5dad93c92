package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Client;
import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Developer;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** What a human does by hand over a day: commands, the console, commits. */
final class HumanDay {
  private final Script script;
  private final Size size;

  HumanDay(Script script, Size size) {
    this.script = script;
    this.size = size;
  }

  void of(Developer developer) {
    Dice dice = script.dice();
    int half = Math.max(1, size.sessionsEach() * 2);
    for (int i = dice.between(half, 2 * half); i > 0; i--) {
      calls(developer, Client.AWS_CLI, developer.profile(), "HumanCli");
    }
    Credential console = console(developer);
    for (int i = dice.between(1, half); i > 0; i--) {
      calls(developer, Client.BROWSER, console, "HumanConsole");
    }
    for (int i = dice.between(1, half / 2 + 1); i > 0; i--) {
      commits(developer);
    }
  }

  private void calls(Developer developer, Client client, Credential key, String scenario) {
    CloudAct act = Catalog.any(script.dice());
    script.cloud(
        anyTime(),
        act,
        new Script.Caller(
            key, developer.machine().address(), client.userAgent(act.commandName(), null)),
        new Actor.ByHand(developer.email()),
        Link.NONE,
        scenario);
  }

  /** The console has a key of its own for the same principal. */
  private Credential console(Developer developer) {
    return new Credential(
        script.dice().accessKey("ASIA"), developer.profile().principal(), null, null);
  }

  private void commits(Developer developer) {
    GitActs.commit(
        script,
        developer,
        script.dice().pick(developer.repositories()),
        anyTime(),
        "By hand " + script.dice().hex(4),
        new Actor.ByHand(developer.email()),
        Link.NONE,
        "HumanCommits",
        new AtomicReference<>(""));
  }

  private Instant anyTime() {
    return size.start().plus(script.dice().between(Duration.ZERO, size.day()));
  }
}
