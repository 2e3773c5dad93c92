package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.Repository;
import dev.custody.accuracy.world.Dice;
import java.util.List;

/** How often an agent's session does what, in hundredths. */
final class Mix {
  private final List<Weighted> all;
  private final int sum;

  private record Weighted(AgentScenario scenario, int weight) {}

  Mix(KeyRing keys, List<Repository> repositories) {
    this(ofAll(keys, repositories));
  }

  private Mix(List<Weighted> all) {
    this.all = all;
    this.sum = all.stream().mapToInt(Weighted::weight).sum();
  }

  /** What sessions do that work under a delegation, with the broker's credentials. */
  static Mix brokered() {
    return new Mix(
        List.of(
            new Weighted(new OrdinaryWork(), 10),
            new Weighted(new ProfileCli(), 4),
            new Weighted(new KeyFromFile(), 4),
            new Weighted(new Commits(), 4),
            new Weighted(new BrokeredCli(), 24),
            new Weighted(new BrokeredScript(), 10),
            new Weighted(new BrokeredChain(), 10),
            new Weighted(new BrokeredBackground(), 6),
            new Weighted(new BrokeredUnrecorded(), 5),
            new Weighted(new StolenBrokeredKey(), 7),
            new Weighted(new SpoofedTag(), 5),
            new Weighted(new SharedBrokeredKey(), 6),
            new Weighted(new MintsWithHoldersKey(), 2),
            new Weighted(new ForeignSourceIdentity(), 5)));
  }

  private static List<Weighted> ofAll(KeyRing keys, List<Repository> repositories) {
    return List.of(
        new Weighted(new OrdinaryWork(), 30),
        new Weighted(new ProfileCli(), 14),
        new Weighted(new KeyFromFile(), 12),
        new Weighted(new Commits(), 12),
        new Weighted(new PythonScript(), 5),
        new Weighted(new AsksWhoItIs(), 4),
        new Weighted(new AssumesRole(), 4),
        new Weighted(new Terraform(), 3),
        new Weighted(new KeyInCommand(), 3),
        new Weighted(new BackgroundTask(), 2),
        new Weighted(new SubAgents(), 3),
        new Weighted(new HumanBeside(), 2),
        new Weighted(new Borrows(keys), 2),
        new Weighted(new StolenKey(), 1),
        new Weighted(new StolenProfile(), 1),
        new Weighted(new OnlyLooks(), 2),
        new Weighted(new PullsColleague(repositories), 1));
  }

  AgentScenario next(Dice dice) {
    int at = dice.between(0, sum - 1);
    for (Weighted each : all) {
      at -= each.weight;
      if (at < 0) {
        return each.scenario;
      }
    }
    throw new IllegalStateException("the weights do not add up");
  }
}
