package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.alert.FindingProcessor;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.GatherProcessor;
import dev.custody.correlate.LineageProcessor;
import dev.custody.correlate.SessionProcessor;
import dev.custody.detect.DetectProcessor;
import dev.custody.event.Event;
import dev.custody.topology.World.CloudRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stores keep, and for how long. */
class RetentionTest {
  private static final String LIST = "aws s3api list-buckets";

  private static final double DAY = 86_400;

  @TempDir Path directory;
  private World world;
  private World.Collector laptop;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    laptop = world.collector();
  }

  /** A day of a session, with each kind of thing that a store holds a row of. */
  private Event day(String session, String shown) {
    World.Session one = laptop.session(session);
    one.tagged(at(1), "custody-0000000000000000" + session.length());
    one.requested(at(2), "call-a", "cat .env");
    one.completed(at(3), "call-a", "cat .env", "the key", key(shown));
    one.requested(at(10), "call-b", LIST);
    one.completed(at(20), "call-b", LIST, "ok");
    return laptop.cloudCall(
        CloudRecord.of(at(12), "sts:AssumeRole", key(shown))
            .by("aws-cli/2.15.0 md/command#s3api.list-buckets")
            .handingOut(key(shown + "X")));
  }

  private static List<World.Stored> later(List<World.Stored> records, Duration by) {
    return records.stream()
        .map(r -> new World.Stored(r.key(), r.value(), r.timestamp() + by.toMillis()))
        .toList();
  }

  private List<World.Stored> since(int from) {
    return new ArrayList<>(laptop.stored().subList(from, laptop.stored().size()));
  }

  @Test
  void whatIsOlderThanNinetyDaysOfTheStreamsTimeIsForgotten() throws Exception {
    laptop.session("idle").tagged(at(1), "custody-00000000000000000009");
    Event old = day("early", "AKIAEXAMPLE0000EARLY");
    int told = laptop.stored().size();
    day("later", "AKIAEXAMPLE0000LATER");
    List<String> stores =
        List.of(GatherProcessor.STORE, LineageProcessor.STORE, DetectProcessor.STORE);
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(laptop.stored().subList(0, told));
      for (String store : stores) {
        assertThat(run.keysOf(store)).as(store).contains(old.id().toString());
      }
      assertThat(run.keysOf(SessionProcessor.STORE)).contains("idle", "early");
      run.feed(later(since(told), Duration.ofDays(89)));
      for (String store : stores) {
        assertThat(run.keysOf(store)).as(store).contains(old.id().toString());
      }
      World.Collector other = world.collector();
      other.session("last").tagged(at(5), "custody-00000000000000000008");
      other.session("last").requested(at(6), "call", LIST);
      other.session("last").completed(at(7), "call", LIST, "ok");
      other.cloudCall(
          CloudRecord.of(at(6), "sts:AssumeRole", key("AKIAEXAMPLE0000OTHER"))
              .handingOut(key("AKIAEXAMPLE0000NEWER")));
      run.feed(later(other.stored(), Duration.ofDays(95)));
      for (String store : stores) {
        assertThat(run.keysOf(store)).as(store).doesNotContain(old.id().toString());
      }
      assertThat(run.keysOf(SessionProcessor.STORE)).doesNotContain("idle", "early");
      assertThat(run.keysOf(ClaimProcessor.USES)).isEmpty();
    }
  }

  @Test
  void aFindingThatNothingWasAddedToForNinetyDaysIsForgottenWithAllItRestsOn() throws Exception {
    World.Session early = laptop.session("early");
    early.revealing(at(1), "call-a", "printenv", key("AKIAEXAMPLE0000EARLY"));
    int told = laptop.stored().size();
    World.Session lasting = laptop.session("lasting");
    lasting.revealing(at(2), "call-b", "printenv", key("AKIAEXAMPLE0000EARLY"));
    int again = laptop.stored().size();
    lasting.revealing(at(25 * DAY), "call-c", "printenv", key("AKIAEXAMPLE0000LATER"));
    int last = laptop.stored().size();
    laptop.session("last").tagged(at(4), "custody-00000000000000000008");
    List<World.Stored> all = laptop.stored();
    try (Run run = new Run(world, directory.resolve("state"))) {
      run.feed(all.subList(0, told));
      String old = findingOf(run, "early");
      run.feed(all.subList(told, again));
      String kept = findingOf(run, "lasting");
      run.feed(all.subList(again, last));
      run.feed(later(all.subList(last, all.size()), Duration.ofDays(92)));
      assertThat(run.keysOf(FindingProcessor.STORE)).contains(kept).doesNotContain(old);
      assertThat(run.keysOf(FindingProcessor.EVIDENCE))
          .anyMatch(row -> row.startsWith(kept))
          .noneMatch(row -> row.startsWith(old));
    }
  }

  private static String findingOf(Run run, String session) {
    return run.findings().entrySet().stream()
        .filter(f ->
            f.getValue().at("/evidences/0/actor/session/uid").asText().equals(session)
                && f.getValue().at("/finding_info/title").asText().contains("print secrets"))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
