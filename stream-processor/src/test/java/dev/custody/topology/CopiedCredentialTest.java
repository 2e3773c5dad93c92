package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.topology.World.CloudRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody else uses what a session was shown, at the moment at which the session works with it.
 */
class CopiedCredentialTest {
  private static final Identifier SHOWN = key("AKIAEXAMPLE0000SHOWN");
  private static final Identifier TAG =
      new Identifier(IdentifierKind.SESSION_TAG, "custody-00000000000000000001");
  private static final String LIST = "aws s3api list-buckets";
  private static final String ELSEWHERE = "203.0.113.66";

  @TempDir Path directory;
  private World world;
  private World.Collector laptop;
  private World.Collector importer;
  private World.Session session;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    laptop = world.collector();
    importer = world.collector();
    session = laptop.session("one");
    session.requested(at(2), "call-a", "cat .env");
    session.completed(at(3), "call-a", "cat .env", "the key", SHOWN);
    session.requested(at(10), "call-b", LIST);
    session.completed(at(20), "call-b", LIST, "ok");
  }

  private Event listed(double seconds, String address, Identifier... identifiers) {
    return importer.cloudCall(
        CloudRecord.of(at(seconds), "s3:ListBuckets", identifiers).from(address));
  }

  private Map<Event, Attribution> answers(Event... events) {
    List<World.Stored> stored = new ArrayList<>(laptop.stored());
    stored.addAll(importer.stored());
    return answers(stored, events);
  }

  private Map<Event, Attribution> answers(List<World.Stored> stored, Event... events) {
    try (Run run = new Run(world, directory.resolve("state-" + runs++))) {
      run.feed(stored);
      Map<Event, Attribution> answers = new HashMap<>();
      for (Event event : events) {
        answers.put(event, run.of(event));
      }
      return answers;
    }
  }

  private static Attribution of(Map<Event, Attribution> answers, Event event) {
    return Objects.requireNonNull(answers.get(event));
  }

  private static void areOnlyInferred(Map<Event, Attribution> answers) {
    assertThat(answers.values())
        .allSatisfy(answer -> {
          assertThat(answer.best().session()).isEqualTo("one");
          assertThat(answer.best().grade()).isEqualTo(Grade.INFERRED);
        });
  }

  @Test
  void whatOnlyTheSessionDidIsCorroborated() {
    Event used = listed(12, "198.51.100.7", SHOWN);
    assertThat(of(answers(used), used).best().grade()).isEqualTo(Grade.CORROBORATED);
  }

  @Test
  void aKeyThatComesFromTwoAddressesWithinOneCallIsInferredAndSaysSo() {
    Event own = listed(12, "198.51.100.7", SHOWN);
    Event thiefs = listed(14, ELSEWHERE, SHOWN);
    Map<Event, Attribution> answers = answers(own, thiefs);
    areOnlyInferred(answers);
    assertThat(of(answers, own).best().reasons()).anyMatch(r -> r.contains("from elsewhere"));
    assertThat(of(answers, thiefs).best().reasons()).anyMatch(r -> r.contains("from elsewhere"));
  }

  @Test
  void aThiefWhoSendsTheSessionsTagAsWellIsNoMoreThanInferred() {
    session.tagged(at(1), TAG.value());
    Event own = listed(12, "198.51.100.7", SHOWN, TAG);
    Event thiefs = listed(14, ELSEWHERE, SHOWN, TAG);
    areOnlyInferred(answers(own, thiefs));
  }

  @Test
  void whatACommandNamesOnceAndIsDoneTwiceIsInferred() {
    Event first = listed(12, "198.51.100.7", SHOWN);
    Event second = listed(14, "198.51.100.7", SHOWN);
    areOnlyInferred(answers(first, second));
  }

  @Test
  void whatTheTagTellsApartStaysCorroborated() {
    session.tagged(at(1), TAG.value());
    Event own = listed(12, "198.51.100.7", SHOWN, TAG);
    Event humans = listed(14, "198.51.100.7", SHOWN);
    Map<Event, Attribution> answers = answers(own, humans);
    assertThat(of(answers, own).best().grade()).isEqualTo(Grade.CORROBORATED);
    assertThat(of(answers, humans).best().grade()).isEqualTo(Grade.INFERRED);
  }

  @Test
  void whatTheCommandDoesNotTellOfSpeaksAgainstNothing() {
    Event own = listed(12, "198.51.100.7", SHOWN);
    importer.cloudCall(
        CloudRecord.of(at(14), "ec2:DescribeInstances", SHOWN)
            .by("aws-sdk-java/2.28.1")
            .from(ELSEWHERE));
    assertThat(of(answers(own), own).best().grade()).isEqualTo(Grade.CORROBORATED);
  }

  @Test
  void oneMachineHasAnAddressOfEachFamily() {
    Event four = listed(12, "198.51.100.7", SHOWN);
    Event six =
        importer.cloudCall(CloudRecord.of(at(14), "s3:ListObjects", SHOWN).from("2001:db8::7"));
    Map<Event, Attribution> answers = answers(four, six);
    assertThat(of(answers, four).best().grade()).isEqualTo(Grade.CORROBORATED);
    assertThat(of(answers, six).best().grade()).isEqualTo(Grade.CORROBORATED);
  }

  @Test
  void theAnswersAreTheSameInWhateverOrderTheChainsArrive() throws Exception {
    session.tagged(at(1), TAG.value());
    List<World.Collector> chains = new ArrayList<>(List.of(laptop, importer));
    List<Event> told = new ArrayList<>(List.of(listed(12, "198.51.100.7", SHOWN, TAG)));
    for (String address : List.of(ELSEWHERE, "198.51.100.7", ELSEWHERE)) {
      World.Collector another = world.collector();
      chains.add(another);
      told.add(
          another.cloudCall(
              CloudRecord.of(at(12 + told.size()), "s3:ListBuckets", SHOWN, TAG).from(address)));
    }
    Event[] all = told.toArray(Event[]::new);
    Map<Event, Attribution> expected = answers(interleaved(chains, new Random(0)), all);
    areOnlyInferred(expected);
    long seed = System.nanoTime();
    for (int round = 0; round < 8; round++) {
      Map<Event, Attribution> other = answers(interleaved(chains, new Random(seed + round)), all);
      for (Event event : all) {
        assertThat(of(other, event).best())
            .as("seed %d", seed + round)
            .isEqualTo(of(expected, event).best());
      }
    }
  }

  @Test
  void aCopyIsNotHiddenByManyCallsBetween() {
    Event own = listed(12, "198.51.100.7", SHOWN);
    for (int n = 0; n < 16; n++) {
      fillerOf(importer, 13 + n * 0.1);
    }
    Event copied = listed(14.8, ELSEWHERE, SHOWN);
    for (int n = 0; n < 16; n++) {
      fillerOf(importer, 15 + n * 0.1);
    }
    Map<Event, Attribution> answers = answers(own, copied);
    areOnlyInferred(answers);
  }

  @Test
  void aCopyIsNotHiddenByTimeWithinTheCall() {
    session.requested(at(100), "call-c", LIST);
    session.completed(at(300), "call-c", LIST, "ok");
    Event own = listed(110, "198.51.100.7", SHOWN);
    Event copied = listed(290, ELSEWHERE, SHOWN);
    areOnlyInferred(answers(own, copied));
  }

  @Test
  void aTagAndThePrincipalTogetherAreInferredWhereTheTagComesFromTwoAddresses() {
    session.tagged(at(1), TAG.value());
    session.requested(at(100), "call-c", "python x.py");
    session.completed(at(120), "call-c", "python x.py", "ok");
    Event own = byPython(102, "198.51.100.7");
    assertThat(of(answers(own), own).best().grade()).isEqualTo(Grade.CORROBORATED);
    Event thiefs = byPython(110, ELSEWHERE);
    areOnlyInferred(answers(own, thiefs));
  }

  private Event byPython(double seconds, String address) {
    Identifier human = new Identifier(IdentifierKind.PRINCIPAL, "dana");
    return importer.cloudCall(
        CloudRecord.of(at(seconds), "dynamodb:PutItem", human, TAG)
            .by("Boto3/1.34 md/Botocore#1.34")
            .from(address));
  }

  /** A call with the same key that the command does not tell of. */
  private static Event fillerOf(World.Collector collector, double seconds) {
    return collector.cloudCall(
        CloudRecord.of(at(seconds), "ec2:DescribeInstances", SHOWN)
            .by("aws-sdk-java/2.28.1")
            .from(ELSEWHERE));
  }

  @Test
  void manyCallsOfOneKeyAreAnsweredAlikeInWhateverOrderTheyArrive() throws Exception {
    long seed = System.nanoTime();
    for (int round = 0; round < 3; round++) {
      manyCallsInAnyOrder(new Random(seed + round), "seed %d".formatted(seed + round));
    }
  }

  // A chain for each call that counts, so that each may come first or last, also after the
  // session's own; many others lie between them.
  private void manyCallsInAnyOrder(Random random, String seed) throws Exception {
    world = new World(directory.resolve("org-" + runs));
    laptop = world.collector();
    session = laptop.session("one");
    session.requested(at(2), "call-a", "cat .env");
    session.completed(at(3), "call-a", "cat .env", "the key", SHOWN);
    session.requested(at(10), "call-b", LIST);
    session.completed(at(40), "call-b", LIST, "ok");
    List<World.Collector> chains = new ArrayList<>(List.of(laptop));
    List<Event> told = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      World.Collector cloud = world.collector();
      chains.add(cloud);
      told.add(explained(cloud, random, n == 0 ? ELSEWHERE : "198.51.100.7"));
    }
    for (int n = 0; n < 4; n++) {
      World.Collector cloud = world.collector();
      chains.add(cloud);
      for (int filler = 0; filler < 15; filler++) {
        told.add(fillerOf(cloud, 10 + random.nextInt(30)));
      }
    }
    Event[] all = told.toArray(Event[]::new);
    Map<Event, Attribution> expected = answers(interleaved(chains, random), all);
    for (int round = 0; round < 3; round++) {
      Map<Event, Attribution> other = answers(interleaved(chains, random), all);
      for (Event event : all) {
        assertThat(of(other, event).best()).as(seed).isEqualTo(of(expected, event).best());
      }
    }
  }

  /** A call that the command tells of: another one, or another's, may speak against it. */
  private static Event explained(World.Collector cloud, Random random, String address) {
    return cloud.cloudCall(
        CloudRecord.of(at(10 + random.nextInt(30)), "s3:ListBuckets", SHOWN)
            .touching("arn:aws:s3:::bucket-" + random.nextInt(4))
            .from(address));
  }

  private static List<World.Stored> interleaved(List<World.Collector> chains, Random random) {
    List<Integer> turns = new ArrayList<>();
    for (int c = 0; c < chains.size(); c++) {
      turns.addAll(Collections.nCopies(chains.get(c).stored().size(), c));
    }
    Collections.shuffle(turns, random);
    int[] next = new int[chains.size()];
    List<World.Stored> order = new ArrayList<>();
    for (int turn : turns) {
      order.add(chains.get(turn).stored().get(next[turn]++));
    }
    return order;
  }
}
