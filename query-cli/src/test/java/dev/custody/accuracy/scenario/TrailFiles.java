package dev.custody.accuracy.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.world.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How CloudTrail delivers: files of about five minutes, 5 to 15 minutes late, out of order; one in
 * thirty by hours; one in fifteen twice.
 */
final class TrailFiles {
  private static final Duration SPAN = Duration.ofMinutes(5);
  private static final int SHARDS = 2;

  private final Dice dice;

  TrailFiles(Dice dice) {
    this.dice = dice;
  }

  /**
   * A record.
   *
   * @param at when it happened
   */
  record Recorded(Instant at, ObjectNode json) {}

  List<Step> of(List<Recorded> records) {
    Map<Long, List<ObjectNode>> files = new TreeMap<>();
    for (Recorded each : records) {
      long window = each.at.toEpochMilli() / SPAN.toMillis();
      files
          .computeIfAbsent(window * SHARDS + dice.between(0, SHARDS - 1), w -> new ArrayList<>())
          .add(each.json);
    }
    List<Step> steps = new ArrayList<>();
    files.forEach((file, content) -> {
      Instant end = Instant.ofEpochMilli((file / SHARDS + 1) * SPAN.toMillis());
      Duration late = dice.seconds(5 * 60, 15 * 60);
      if (dice.chance(1 / 30.0)) {
        late = late.plus(dice.seconds(3600, 3 * 3600));
      }
      steps.add(new Step.Trail(end.plus(late), dice.shuffled(content)));
      if (dice.chance(1 / 15.0)) {
        steps.add(
            new Step.Trail(end.plus(late).plus(dice.seconds(600, 5400)), dice.shuffled(content)));
      }
    });
    return steps;
  }
}
