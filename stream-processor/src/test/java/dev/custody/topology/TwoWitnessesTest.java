package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hooks and telemetry tell of the same calls; telemetry shows less of a result, and more of a
 * commit.
 */
class TwoWitnessesTest {
  private static final String COMMIT = "d6256e0e2de70dae5517ce2ccb6da32570d5b06f";

  @TempDir Path directory;
  private World world;
  private World.Collector hooks;
  private World.Collector telemetry;
  private World.Collector importer;
  private Event delete;
  private Event commit;

  @BeforeEach
  void tell() throws Exception {
    world = new World(directory.resolve("org"));
    hooks = world.collector();
    telemetry = world.collector();
    importer = world.collector();
    World.Session hooked = hooks.session("one");
    World.Session told = telemetry.session("one");
    hooked.requested(at(30.1), "call-a", "docker compose config");
    hooked.revealing(at(30.2), "call-a", "docker compose config", key(World.KEY));
    told.completed(at(30.19), "call-a", "docker compose config", "");
    hooked.requested(at(30.4), "call-b", "aws s3 rb s3://acme-prod-builds --force");
    told.completed(at(30.59), "call-b", "aws s3 rb s3://acme-prod-builds --force", "");
    hooked.completed(at(30.6), "call-b", "aws s3 rb s3://acme-prod-builds --force", "removed");
    hooked.requested(at(31), "call-c", "git commit");
    told.completed(at(31.19), "call-c", "git commit", "", gitCommit(COMMIT));
    hooked.completed(at(31.2), "call-c", "git commit", "ok", gitCommit("d6256e0"));
    commit = hooks.commit(at(31.5), COMMIT);
    delete =
        importer.cloudCall(
            at(30), at(900), "s3:DeleteBucket", "arn:aws:s3:::acme-prod-builds", key(World.KEY));
  }

  private static Identifier gitCommit(String id) {
    return new Identifier(IdentifierKind.GIT_COMMIT, id);
  }

  private Run run(String state, World.Collector... order) {
    List<World.Stored> records = new ArrayList<>();
    for (World.Collector collector : order) {
      records.addAll(collector.stored());
    }
    Run run = new Run(world, directory.resolve(state));
    run.feed(records);
    return run;
  }

  @Test
  void aResultThatTelemetryTellsWithoutItsOutputHidesNothingThatTheHookShowed() {
    try (Run run = run("hooks-first", hooks, telemetry, importer)) {
      Attribution who = run.of(delete);
      assertThat(who.best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(who.best().toolCall()).isEqualTo("call-b");
      assertThat(who.best().reasons())
          .contains(World.KEY + " was shown to the session by tool call call-a");
      assertThat(who.rivals()).isEmpty();
      assertThat(run.of(commit).best().toolCall()).isEqualTo("call-c");
      assertThat(run.of(commit).rivals()).isEmpty();
    }
  }

  @Test
  void whoeverOfTheTwoWitnessesIsHeardFirstTheAnswersAreTheSame() {
    Map<String, String> expected;
    try (Run run = run("expected", hooks, telemetry, importer)) {
      expected = run.finalState();
    }
    assertSame(expected, "telemetry-first", telemetry, importer, hooks);
    assertSame(expected, "cloud-first", importer, telemetry, hooks);
  }

  private void assertSame(Map<String, String> expected, String order, World.Collector... heard) {
    try (Run run = run(order, heard)) {
      Map<String, String> state = run.finalState();
      assertThat(state.keySet()).isEqualTo(expected.keySet());
      // An edge says whose collector told it; one machine has one, here there are two for the
      // order.
      expected.forEach((id, answer) -> {
        if (!id.contains(" -> ")) {
          assertThat(state.get(id)).as("%s %s", order, id).isEqualTo(answer);
        }
      });
    }
  }
}
