package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Repository;
import dev.custody.accuracy.world.Dice;
import java.util.List;

/** A call brings a colleague's commits into the repository: they are not the agent's. */
final class PullsColleague implements AgentScenario {
  private final List<Repository> repositories;

  PullsColleague(List<Repository> repositories) {
    this.repositories = List.copyOf(repositories);
  }

  @Override
  public void play(AgentSession session) {
    Dice dice = session.dice();
    Repository colleagues = dice.pick(repositories);
    if (colleagues.directory().equals(session.repository().directory())) {
      return;
    }
    String branch = "review-" + dice.hex(5);
    AgentSession.Ran ran =
        session.bash(
            name(), "git fetch origin && git checkout " + branch, dice.seconds(1, 5), "Switched");
    GitActs.pull(
        session.script(),
        session.developer(),
        session.repository(),
        ran.moment(0.6),
        colleagues,
        branch,
        name());
  }
}
