package dev.custody.topology;

import static dev.custody.topology.World.KEY;
import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.detect.ShippedRules;
import dev.custody.digest.Bytes;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.log.PublishedCheckpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustodyTopologyTest {
  private static final String BUCKET = "arn:aws:s3:::acme-prod-builds";

  @TempDir Path directory;
  private World world;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
  }

  private Run run() {
    return new Run(world, directory.resolve("state-" + runs++));
  }

  /** The incident: a key is shown, then a bucket is removed with it, then a commit is made. */
  private record Incident(
      World.Collector laptop,
      World.Collector importer,
      Event delete,
      Event commit,
      Event revealed) {}

  private Incident incident() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector importer = world.collector();
    laptop.grant("dlg-reading", "dana@example.test", "s3:Get*,s3:List*", at(-600), at(3600), at(1));
    World.Session session = laptop.session("one");
    session.requested(at(30.1), "call-a", "docker compose config");
    Event revealed = session.revealing(at(30.2), "call-a", "docker compose config", key(KEY));
    session.requested(at(30.4), "call-b", "aws s3 rb s3://acme-prod-builds --force");
    session.completed(
        at(30.6), "call-b", "aws s3 rb s3://acme-prod-builds --force", "remove_bucket");
    session.requested(at(31), "call-c", "git commit");
    session.completed(
        at(31.2),
        "call-c",
        "git commit",
        "ok",
        new Identifier(IdentifierKind.GIT_COMMIT, "d6256e0"));
    Event commit = laptop.commit(at(31.5), "d6256e0e2de70dae5517ce2ccb6da32570d5b06f");
    Event delete = importer.cloudCall(at(30), at(900), "s3:DeleteBucket", BUCKET, key(KEY));
    return new Incident(laptop, importer, delete, commit, revealed);
  }

  private static List<World.Stored> records(World.Collector... collectors) {
    List<World.Stored> all = new ArrayList<>();
    for (World.Collector collector : collectors) {
      all.addAll(collector.stored());
    }
    return all;
  }

  @Test
  void aCloudCallIsTracedToTheToolCallThatNamesItsBucketAndIsOutsideTheDelegation()
      throws Exception {
    Incident incident = incident();
    try (Run run = run()) {
      run.feed(records(incident.laptop(), incident.importer()));
      Attribution delete = run.of(incident.delete());
      assertThat(delete.best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(delete.best().toolCall()).isEqualTo("call-b");
      assertThat(delete.best().prompt()).isEqualTo("prompt-of-one");
      assertThat(delete.best().reasons())
          .contains(
              KEY + " was shown to the session by tool call call-a",
              "its command names acme-prod-builds, s3");
      assertThat(delete.rivals()).isEmpty();
      assertThat(delete.humanGrade()).isEqualTo(Grade.INFERRED);
      assertThat(delete.delegation().verdict()).isEqualTo(DelegationVerdict.OUTSIDE);
      assertThat(delete.delegation().id()).isEqualTo("dlg-reading");
      assertThat(run.edges())
          .containsKeys(
              "prompt-of-one prompt:prompt-of-one -> tool:call-b",
              "prompt-of-one tool:call-a -> credential:" + KEY,
              "prompt-of-one credential:" + KEY + " -> cloud:" + incident.delete().id(),
              "prompt-of-one tool:call-b -> cloud:" + incident.delete().id(),
              "prompt-of-one tool:call-c -> commit:" + incident.commit().id());
      assertThat(run.rejected()).isEmpty();
    }
  }

  @Test
  void whatRulesSeeInAnIncidentIsOneFindingEach() throws Exception {
    Incident incident = incident();
    try (Run run = run()) {
      run.feed(records(incident.laptop(), incident.importer()));
      assertThat(run.findings().values())
          .extracting(f -> f.at("/finding_info/title").asText())
          .containsExactlyInAnyOrder(
              "Agent acted outside its delegation",
              "Agent destroyed something in a cloud",
              "Agent had a command print secrets",
              "Agent used a static key");
      for (JsonNode finding : run.findings().values()) {
        assertThat(finding.path("type_uid").asInt()).isEqualTo(200401);
        assertThat(finding.at("/evidences/0/actor/app_name").asText()).isEqualTo("claude-code");
        assertThat(finding.at("/evidences/0/actor/user/name").asText())
            .isEqualTo("dana@example.test");
        assertThat(finding.at("/evidences/0/data/chain").asText()).hasSize(32);
      }
      int told = run.findingRecords();
      run.feed(records(incident.laptop(), incident.importer()));
      assertThat(run.findingRecords()).as("a resend tells nothing again").isEqualTo(told);
    }
  }

  @Test
  void aCommitIsTracedByTheShortIdThatTheToolReported() throws Exception {
    Incident incident = incident();
    try (Run run = run()) {
      run.feed(records(incident.laptop()));
      Attribution commit = run.of(incident.commit());
      assertThat(commit.best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(commit.best().toolCall()).isEqualTo("call-c");
    }
  }

  @Test
  void aCommitWhoseFullIdWasReportedAndThatAReferenceMovedToWithinTheCallIsProven()
      throws Exception {
    assertThat(gradeOfACommitSeenMovingAt(3.5)).isEqualTo(Grade.PROVEN);
  }

  @Test
  void aCommitThatNoReferenceMovedToWithinTheCallIsCorroboratedThoughItsFullIdWasReported()
      throws Exception {
    assertThat(gradeOfACommitSeenMovingAt(60)).isEqualTo(Grade.CORROBORATED);
  }

  private Grade gradeOfACommitSeenMovingAt(double seconds) throws Exception {
    String id = "d6256e0e2d".repeat(4);
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    session.requested(at(2), "call", "git commit -m tidy && git rev-parse HEAD");
    session.completed(
        at(4), "call", "git commit", "ok", new Identifier(IdentifierKind.GIT_COMMIT, id));
    Event commit = laptop.commit(at(3), id);
    laptop.moved(at(seconds), id);
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(commit).best().session()).isEqualTo("one");
      return run.of(commit).best().grade();
    }
  }

  @Test
  void aCommitThatOnlySharesSevenDigitsIsNotAttributed() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    session.completed(
        at(1), "call", "git commit", "ok", new Identifier(IdentifierKind.GIT_COMMIT, "d6256e0e2d"));
    Event other = laptop.commit(at(2), "d6256e0fffffffffffffffffffffffffffffffff");
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(other).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
    }
  }

  @Test
  void aKeyNobodyClaimedIsNeverMoreThanInferred() throws Exception {
    Incident incident = incident();
    Event foreign =
        incident
            .importer()
            .cloudCall(at(30), at(901), "s3:DeleteBucket", BUCKET, key("AKIAEXAMPLE00000NONE"));
    Event named =
        incident
            .importer()
            .cloudCall(
                at(30),
                at(902),
                "s3:DeleteBucket",
                BUCKET,
                key("AKIAEXAMPLE00000NONE"),
                new Identifier(IdentifierKind.PRINCIPAL, "Dana"));
    try (Run run = run()) {
      run.feed(records(incident.laptop(), incident.importer()));
      assertThat(run.of(foreign).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(run.of(named).best().grade()).isEqualTo(Grade.INFERRED);
    }
  }

  @Test
  void twoSessionsThatShowedTheSameKeyAreRivalsAndBothNamed() throws Exception {
    Incident incident = incident();
    World.Collector other = world.collector();
    World.Session rival = other.session("two");
    rival.requested(at(29.9), "call-x", "cat config");
    rival.completed(at(30.5), "call-x", "cat config", "x", key(KEY));
    World.Session late = other.session("three");
    late.requested(at(10), "call-y", "cat config");
    late.completed(at(10.5), "call-y", "cat config", "x", key(KEY));
    try (Run run = run()) {
      run.feed(records(incident.laptop(), other, incident.importer()));
      Attribution delete = run.of(incident.delete());
      assertThat(delete.best().session()).isEqualTo("one");
      assertThat(delete.rivals())
          .extracting(r -> r.session() + " " + r.grade())
          .containsExactly("two UNATTRIBUTED", "three UNATTRIBUTED");
    }
  }

  @Test
  void theAnswerDoesNotDependOnTheOrderInWhichChainsArrive() throws Exception {
    Incident incident = incident();
    World.Collector other = world.collector();
    World.Session rival = other.session("two");
    rival.requested(at(29.9), "call-x", "cat config");
    rival.completed(at(30.5), "call-x", "cat config", "x", key(KEY));
    other.grant("dlg-later", "dana@example.test", "s3:*", at(20), at(40), at(1000));
    List<World.Collector> chains = List.of(incident.laptop(), incident.importer(), other);
    Map<String, String> expected = finalState(interleave(chains, new Random(0)));
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    for (int round = 0; round < 20; round++) {
      Map<String, String> state = finalState(interleave(chains, new Random(seed + round)));
      assertThat(state.keySet()).isEqualTo(expected.keySet());
      for (Map.Entry<String, String> entry : expected.entrySet()) {
        assertThat(state.get(entry.getKey()))
            .as("seed %d %s", seed + round, entry.getKey())
            .isEqualTo(entry.getValue());
      }
    }
  }

  private Map<String, String> finalState(List<World.Stored> records) {
    try (Run run = run()) {
      run.feed(records);
      run.passTime();
      return run.finalState();
    }
  }

  /**
   * Any order that keeps each chain's own, resends included; offsets are the same because they are
   * not compared.
   */
  private static List<World.Stored> interleave(List<World.Collector> chains, Random random) {
    List<Integer> turns = new ArrayList<>();
    for (int c = 0; c < chains.size(); c++) {
      turns.addAll(Collections.nCopies(chains.get(c).stored().size(), c));
    }
    Collections.shuffle(turns, random);
    int[] next = new int[chains.size()];
    List<World.Stored> order = new ArrayList<>();
    for (int turn : turns) {
      order.add(chains.get(turn).stored().get(next[turn]++));
      if (random.nextInt(4) == 0) {
        order.add(order.getLast());
      }
    }
    return order;
  }

  @Test
  void anActWithoutADelegationIsABorrowedIdentity() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    Event event = session.requested(at(1), "call", "ls");
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(event).delegation().verdict()).isEqualTo(DelegationVerdict.NONE);
      assertThat(run.of(event).delegation().reason())
          .isEqualTo("no delegation: borrowed identity of dana@example.test");
      assertThat(run.of(event).humanGrade()).isEqualTo(Grade.INFERRED);
    }
  }

  @Test
  void delegationsAreJudgedAtTheMomentOfTheActAndAllowNothingThatWasDoneBefore() throws Exception {
    World.Collector laptop = world.collector();
    laptop.grant("dlg-buckets", "dana@example.test", "s3:*", at(120), at(180), at(1));
    laptop.grant("dlg-queues", "dana@example.test", "sqs:*", at(10), at(3600), at(2));
    World.Session session = laptop.session("one");
    session.requested(at(100), "call", "aws s3 rb");
    session.completed(at(200), "call", "aws s3 rb", "", key(KEY));
    Event within = laptop.cloudCall(at(150), at(300), "s3:DeleteBucket", BUCKET, key(KEY));
    Event near = laptop.cloudCall(at(119), at(301), "s3:DeleteBucket", BUCKET, key(KEY));
    Event before = laptop.cloudCall(at(101), at(302), "s3:DeleteBucket", BUCKET, key(KEY));
    laptop.grant("dlg-whitewash", "dana@example.test", "s3:*", at(-600), at(3600), at(4000));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(within).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
      assertThat(run.of(within).delegation().id()).isEqualTo("dlg-buckets");
      assertThat(run.of(near).delegation().verdict()).isEqualTo(DelegationVerdict.UNCERTAIN);
      assertThat(run.of(before).delegation().verdict()).isEqualTo(DelegationVerdict.OUTSIDE);
      assertThat(run.of(before).delegation().id()).isEqualTo("dlg-queues");
    }
  }

  @Test
  void anActUnderNoneButEndedOrComingDelegationsIsAFinding() throws Exception {
    World.Collector laptop = world.collector();
    laptop.grant("dlg-buckets", "dana@example.test", "s3:*", at(120), at(180), at(1));
    World.Session session = laptop.session("one");
    session.requested(at(100), "call", "aws s3 rb");
    session.completed(at(200), "call", "aws s3 rb", "", key(KEY));
    Event before = laptop.cloudCall(at(101), at(302), "s3:DeleteBucket", BUCKET, key(KEY));
    Event after = laptop.cloudCall(at(195), at(303), "s3:DeleteBucket", BUCKET, key(KEY));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(before).delegation().verdict()).isEqualTo(DelegationVerdict.NOT_YET_VALID);
      assertThat(run.of(after).delegation().verdict()).isEqualTo(DelegationVerdict.EXPIRED);
      assertThat(run.findings().values()).extracting(f -> f.path("count").asInt()).contains(2);
    }
  }

  @Test
  void aKeyIdThatOnlyACommandNamesIsInferredWhateverArrivesFirst() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    Event request = session.naming(at(10), "call", "echo " + KEY, key(KEY));
    Event result = session.completed(at(20), "call", "echo " + KEY, KEY, key(KEY));
    Event call = laptop.cloudCall(at(15), at(300), "s3:DeleteBucket", BUCKET, key(KEY));
    assertThat(request.id()).isNotEqualTo(result.id());
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(call).best().grade()).isEqualTo(Grade.INFERRED);
      assertThat(run.of(call).best().reasons())
          .contains(KEY + " was named in the command of tool call call");
    }
  }

  @Test
  void aSessionOfAThousandLongCallsStillWorks() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    String command = "x".repeat(1900);
    for (int i = 0; i < 1000; i++) {
      session.requested(at(i), "call-" + i, command);
      session.completed(at(i + 0.5), "call-" + i, command, "");
    }
    session.completed(at(2000), "call-last", "cat key", "", key(KEY));
    session.requested(at(2001), "call-use", "aws s3 rb s3://acme-prod-builds");
    Event call = laptop.cloudCall(at(2002), at(3000), "s3:DeleteBucket", BUCKET, key(KEY));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(call).best().toolCall()).isEqualTo("call-use");
    }
  }

  @Test
  void aGrantByAnUnknownSignerDoesNotCount(@TempDir Path elsewhere) throws Exception {
    World stranger = new World(elsewhere);
    World.Collector foreign = stranger.collector();
    foreign.grant("dlg-forged", "dana@example.test", "*", at(-600), at(3600), at(1));
    World.Collector laptop = world.collector();
    Event event = laptop.session("one").requested(at(1), "call", "ls");
    try (Run run = run()) {
      run.feed(records(foreign, laptop));
      assertThat(run.of(event).delegation().verdict()).isEqualTo(DelegationVerdict.NONE);
      assertThat(run.rejected())
          .extracting(r -> r.reason())
          .containsExactly("UnknownSigner", "NoGenesis");
    }
  }

  @Test
  void aSourceIdentityThatTheProviderRecordedNamesTheDelegation() throws Exception {
    World.Collector laptop = world.collector();
    laptop.grant("dlg-minted", "dana@example.test", "s3:*", at(-600), at(3600), at(1));
    World.Session session = laptop.session("one");
    session.requested(at(29), "call", "aws s3 rb");
    session.completed(at(31), "call", "aws s3 rb", "", key(KEY));
    Event call =
        laptop.cloudCall(
            at(30),
            at(900),
            "s3:DeleteBucket",
            BUCKET,
            key(KEY),
            new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dlg-minted"));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(call).best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(run.of(call).best().delegation()).isEqualTo("dlg-minted");
      assertThat(run.of(call).rivals()).isEmpty();
      assertThat(run.of(call).best().session()).isEqualTo("one");
      assertThat(run.of(call).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
    }
  }

  @Test
  void aDamagedRecordGoesWholeToTheRejectsAndAnIntegrityFindingTellsOfIt() throws Exception {
    World.Collector laptop = world.collector();
    laptop.session("one").requested(at(1), "call", "ls");
    World.Stored good = laptop.stored().get(1);
    byte[] bad = good.value().toByteArray();
    bad[bad.length / 2] ^= 1;
    try (Run run = run()) {
      run.feed(
          List.of(
              laptop.stored().getFirst(),
              new World.Stored(good.key(), new Bytes(bad), good.timestamp())));
      assertThat(run.rejected())
          .singleElement()
          .satisfies(r -> {
            assertThat(r.value()).isEqualTo(new Bytes(bad));
            assertThat(r.key()).isEqualTo(good.key());
          });
      assertThat(run.findings().values())
          .extracting(f -> f.at("/finding_info/title").asText())
          .containsExactly("A collector's chain is not whole");
    }
  }

  @Test
  void aFindingOfManyActsKeepsTheOldestHundredAndCountsTheRestInWhateverOrderTheyArrive()
      throws Exception {
    World.Collector laptop = world.collector();
    laptop.grant("dlg-reading", "dana@example.test", "s3:Get*", at(-600), at(3600), at(1));
    World.Session session = laptop.session("one");
    session.requested(at(2), "call", "aws s3 rb");
    session.completed(at(300), "call", "aws s3 rb", "", key(KEY));
    List<World.Collector> importers = new ArrayList<>(List.of(laptop));
    for (int i = 0; i < 130; i++) {
      if (i % 13 == 0) {
        importers.add(world.collector());
      }
      importers.getLast().cloudCall(at(10 + i), at(900), "s3:DeleteBucket", BUCKET, key(KEY));
    }
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    List<String> told = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      try (Run run = run()) {
        run.feed(interleave(importers, new Random(seed + round)));
        JsonNode finding = run.findings().values().iterator().next();
        assertThat(finding.path("count").asInt()).as("seed %d", seed + round).isEqualTo(130);
        assertThat(finding.at("/finding_info/related_events_count").asInt()).isEqualTo(100);
        told.add(finding.path("evidences").toString().replaceAll("\"offset\":\\d+", ""));
      }
    }
    assertThat(told.stream().distinct()).as("seed %d", seed).hasSize(1);
  }

  @Test
  void aGapIsAFindingUntilTheLastOfWhatWasMissingHasCome() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    for (int i = 0; i < 4; i++) {
      session.requested(at(i), "call-" + i, "ls");
    }
    List<World.Stored> all = laptop.stored();
    try (Run run = run()) {
      run.feed(List.of(all.get(0), all.get(4)));
      assertThat(run.findings().values())
          .extracting(f -> f.path("status").asText())
          .containsExactly("New");
      run.feed(List.of(all.get(2)));
      assertThat(run.findings().values())
          .extracting(f -> f.path("status").asText())
          .containsExactly("New");
      run.feed(List.of(all.get(1), all.get(3)));
      assertThat(run.findings().values())
          .extracting(f -> f.path("status").asText())
          .containsExactly("Resolved");
    }
  }

  @Test
  void theGraphIsTheOneInTheGoldenFile() throws Exception {
    String now =
        CustodyTopology.build(
                world.roots(), ShippedRules.load(), 2, world.logs(0), PublishedCheckpoints.none())
            .describe()
            .toString();
    Path golden = Path.of("src/test/resources/dev/custody/topology/topology.txt");
    if (Boolean.getBoolean("custody.golden.write")) {
      Files.writeString(golden, now);
    }
    assertThat(now).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
  }
}
