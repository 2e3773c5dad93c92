package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Developer;
import dev.custody.accuracy.world.Dice;
import dev.custody.accuracy.world.Link;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The agent commits: mostly with the command that its tool understands and reports, sometimes by a
 * script that says nothing; sometimes a human commits to the same repository at that very time, or
 * signs a commit of their own as if an agent had made it.
 */
final class Commits implements AgentScenario {
  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    if (dice.chance(0.7)) {
      reported(session);
    } else {
      byScript(session);
    }
  }

  private void reported(AgentSession session) {
    Dice dice = session.dice();
    String message = "Tidy " + dice.hex(4);
    AtomicReference<String> id = new AtomicReference<>("");
    // Who has set core.abbrev so is told whole ids.
    boolean whole = dice.chance(0.3);
    Supplier<String> shown = () -> whole ? id.get() : id.get().substring(0, 7);
    AgentSession.Ran ran =
        session.bash(
            name(),
            "git add -A && git commit -m '" + message + "'",
            dice.seconds(0.3, 3),
            () -> Hooks.committed(told(shown.get(), message), shown.get(), "main"),
            () -> told(shown.get(), message));
    GitActs.commit(
        session.script(),
        session.developer(),
        session.repository(),
        ran.moment(0.5),
        message + "\n\nCo-Authored-By: Claude <noreply@anthropic.com>",
        session.actor(ran),
        Link.COMMIT_REPORTED,
        whole ? "CommitsTellingTheWholeId" : name(),
        id);
    if (dice.chance(0.2)) {
      humanMeanwhile(session, ran, "HumanCommitsMeanwhile", "Fix a typo " + dice.hex(4));
    }
  }

  private void byScript(AgentSession session) {
    Dice dice = session.dice();
    AgentSession.Ran ran =
        session.bash(name(), "./scripts/release.sh patch", dice.seconds(2, 12), "released");
    String scenario = "CommitsByScript";
    GitActs.commit(
        session.script(),
        session.developer(),
        session.repository(),
        ran.moment(0.5),
        "Release " + dice.hex(4),
        session.actor(ran),
        Link.COMMIT_IN_CALL,
        scenario,
        new AtomicReference<>(""));
    if (dice.chance(0.3)) {
      humanMeanwhile(
          session,
          ran,
          "ForgedTrailer",
          "Touch up\n\nCustody-Session: %s\nCo-Authored-By: Claude <noreply@anthropic.com>"
              .formatted(forged(session)));
    }
  }

  /** A tag that another session has, or nobody. */
  private static String forged(AgentSession session) {
    Dice dice = session.dice();
    String anothers = dice.chance(0.5) ? SpoofedTag.anothers(session) : null;
    return anothers == null ? "custody-" + dice.hex(20) : anothers;
  }

  private static void humanMeanwhile(
      AgentSession session, AgentSession.Ran ran, String scenario, String message) {
    Developer developer = session.developer();
    GitActs.commit(
        session.script(),
        developer,
        session.repository(),
        ran.moment(0.8),
        message,
        new Actor.ByHand(developer.email()),
        Link.NONE,
        scenario,
        new AtomicReference<>(""));
  }

  private static String told(String id, String message) {
    return "[main %s] %s\n 1 file changed, 1 insertion(+)".formatted(id, message);
  }
}
