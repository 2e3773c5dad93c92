package dev.custody.accuracy.scenario;

import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.time.Duration;
import java.time.Instant;

/**
 * Another agent of the same human takes the holder's brokered key while a call of the holder runs,
 * by a script that says nothing has a key of its own made with it, and works with that: within the
 * holder's call and after it.
 */
final class MintsWithHoldersKey implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Credential key = BrokeredCli.kept(name(), session);
    AgentSession other = session.beside();
    session.waits(other.now());
    AgentSession.Ran test = session.bash(name(), Quiet.test(dice), dice.seconds(20, 40), "ok");
    other.waits(test.start().plusSeconds(1));
    Quiet script = Quiet.script(dice);
    Credential minted = mints(session, other, script, key);
    other.waits(test.end().plus(dice.seconds(20, 120)));
    AgentSession.Ran ran = runs(other, script, "MintedKeyIdle");
    uses(session, other, ran, ran.moment(0.5), caller(other, script, minted), "MintedKeyIdle");
    other.end(false);
    session.waits(other.now());
  }

  private static Credential mints(
      AgentSession holder, AgentSession other, Quiet script, Credential key) {
    Dice dice = other.dice();
    boolean role = dice.chance(0.6);
    Credential minted =
        role
            ? Credential.ofRole("deploy", "agent-" + dice.hex(8), dice.accessKey("ASIA"), key)
            : Credential.ofUser("deploy-bot", dice.accessKey("AKIA"));
    String scenario = role ? "MintsByAssumeRole" : "MintsByCreateAccessKey";
    AgentSession.Ran ran = runs(other, script, scenario);
    Instant at = ran.moment(0.2);
    Script.Caller caller = caller(other, script, key);
    if (role) {
      other
          .script()
          .assumeRole(
              at, minted, caller, other.actor(ran), link(holder, at), other.cause(scenario));
    } else {
      other
          .script()
          .createAccessKey(
              at, minted, caller, other.actor(ran), link(holder, at), other.cause(scenario));
    }
    uses(holder, other, ran, ran.moment(0.7), caller(other, script, minted), "MintedKeyInCall");
    return minted;
  }

  private static AgentSession.Ran runs(AgentSession other, Quiet script, String scenario) {
    return other.bash(scenario, script.command(), Duration.ofSeconds(3), "done");
  }

  private static void uses(
      AgentSession holder,
      AgentSession other,
      AgentSession.Ran ran,
      Instant at,
      Script.Caller caller,
      String scenario) {
    other
        .script()
        .cloud(
            at,
            Catalog.any(other.dice()),
            caller,
            other.actor(ran),
            link(holder, at),
            other.cause(scenario));
  }

  private static Link link(AgentSession holder, Instant at) {
    return holder.mayRunAt(at) ? Link.SAME_USER : Link.NONE;
  }

  private static Script.Caller caller(AgentSession other, Quiet script, Credential key) {
    return new Script.Caller(
        key, other.developer().machine().address(), script.client().userAgent("", null));
  }
}
