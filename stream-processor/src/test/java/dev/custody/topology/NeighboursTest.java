package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.topology.World.CloudRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A credential of the broker is used while two sessions of one operating-system user run: either
 * can have used it, whosever it is.
 */
class NeighboursTest {
  private static final Identifier BROKERED = key("ASIAEXAMPLE000000001");
  private static final Identifier BROKERS_OWN = key("ASIAEXAMPLE0000BROKER");
  private static final Identifier TAG =
      new Identifier(IdentifierKind.SESSION_TAG, "custody-00000000000000000001");
  private static final String PYTHON = "Boto3/1.34";

  @TempDir Path directory;
  private World world;
  private World.Collector laptop;
  private World.Collector importer;
  private World.Session holder;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    laptop = world.collector();
    importer = world.collector();
    laptop.grant("dlg-minted", "dana@example.test", "s3:*,sts:*", at(-600), at(7200), at(-60));
    holder = laptop.session("holder");
    holder.requested(at(10), "call-a", "aws s3api list-buckets");
    holder.issued(at(10.5), BROKERED, "dlg-minted");
    holder.completed(at(40), "call-a", "aws s3api list-buckets", "ok");
    importer.cloudCall(CloudRecord.of(at(10), "sts:AssumeRole", BROKERS_OWN).handingOut(BROKERED));
  }

  private World.Session ran(World.Collector on, double from, double to, String command) {
    World.Session other = on.session("other");
    other.requested(at(from), "call-x", command);
    other.completed(at(to), "call-x", command, "ok");
    return other;
  }

  private Event used(double seconds, String action, Identifier... more) {
    Identifier[] all = new Identifier[more.length + 1];
    all[0] = BROKERED;
    System.arraycopy(more, 0, all, 1, more.length);
    return importer.cloudCall(CloudRecord.of(at(seconds), action, all).by(PYTHON));
  }

  private Attribution answer(Event event) {
    try (Run run = new Run(world, directory.resolve("state-" + runs++))) {
      run.feed(all());
      return run.of(event);
    }
  }

  private List<World.Stored> all() {
    List<World.Stored> stored = new ArrayList<>(laptop.stored());
    stored.addAll(importer.stored());
    return stored;
  }

  private static void namesNobody(Attribution answer, String... rivals) {
    assertThat(answer.best().session()).isNull();
    assertThat(answer.best().grade()).isEqualTo(Grade.UNATTRIBUTED);
    assertThat(answer.rivals()).extracting(Candidate::session).containsExactly(rivals);
  }

  private static void namesTheHolder(Attribution answer, Grade grade) {
    assertThat(answer.best().session()).isEqualTo("holder");
    assertThat(answer.best().grade()).isEqualTo(grade);
  }

  @Test
  void whereNoOtherSessionRanTheHolderIsInferredEvenThoughItsCommandNamesNothing() {
    namesTheHolder(answer(used(20, "rds:DeleteDBInstance")), Grade.INFERRED);
  }

  @Test
  void nobodyIsNamedWhereTheHoldersCommandNamesNothingAndAnotherSessionOfTheUserRan() {
    ran(laptop, 15, 25, "./admin.sh");
    Attribution answer = answer(used(20, "rds:DeleteDBInstance"));
    // The holder's command runs another client than the record tells of.
    namesNobody(answer, "other", "holder");
    assertThat(answer.best().reasons())
        .anyMatch(r -> r.startsWith("several sessions of its holder's user ran"));
    assertThat(answer.rivals().getFirst().reasons()).anyMatch(r -> r.contains("tool call call-x"));
    assertThat(answer.rivals().getLast().reasons())
        .anyMatch(r -> r.contains("another session of the same user ran as well"));
  }

  @Test
  void nobodyIsNamedWhereTheHolderRestedAndAnotherSessionOfTheUserRan() {
    ran(laptop, 1000, 1010, "./admin.sh");
    namesNobody(answer(used(1005, "rds:DeleteDBInstance")), "other", "holder");
  }

  @Test
  void theHolderStaysProvenWhereItsCommandTellsOfTheAct() {
    ran(laptop, 15, 25, "./admin.sh");
    Event listed = importer.cloudCall(CloudRecord.of(at(20), "s3:ListBuckets", BROKERED));
    namesTheHolder(answer(listed), Grade.PROVEN);
  }

  @Test
  void theHolderIsInferredBesideARivalWhereOnlyTheServiceAgreesAndTheOthersCommandNamesNothing() {
    ran(laptop, 15, 25, "./admin.sh");
    Event policy = importer.cloudCall(CloudRecord.of(at(20), "s3:GetBucketPolicy", BROKERED));
    Attribution answer = answer(policy);
    namesTheHolder(answer, Grade.INFERRED);
    assertThat(answer.rivals()).extracting(Candidate::session).containsExactly("other");
  }

  @Test
  void aNeighbourThatRunsAnotherClientByNameIsNoRivalOfAHolderWithWhomTheServiceAgrees() {
    ran(laptop, 15, 25, "terraform plan");
    Event policy =
        importer.cloudCall(
            CloudRecord.of(at(20), "s3:GetBucketPolicy", BROKERED).by("aws-cli/2.31.3"));
    Attribution answer = answer(policy);
    namesTheHolder(answer, Grade.CORROBORATED);
    assertThat(answer.rivals()).isEmpty();
  }

  @Test
  void aSessionOnAnotherMachineIsNoNeighbour() throws Exception {
    World.Collector elsewhere = world.collector();
    ran(elsewhere, 15, 25, "./admin.sh");
    Event used = used(20, "rds:DeleteDBInstance");
    try (Run run = new Run(world, directory.resolve("elsewhere"))) {
      run.feed(all());
      run.feed(elsewhere.stored());
      namesTheHolder(run.of(used), Grade.INFERRED);
    }
  }

  @Test
  void aNeighbourWhoseCallWasOverIsNoRival() {
    ran(laptop, 1000, 1010, "./admin.sh");
    namesTheHolder(answer(used(1060, "rds:DeleteDBInstance")), Grade.INFERRED);
  }

  @Test
  void theHoldersOwnTagTellsItFromItsNeighbours() {
    holder.tagged(at(1), TAG.value());
    ran(laptop, 15, 25, "./admin.sh");
    namesTheHolder(answer(used(20, "rds:DeleteDBInstance", TAG)), Grade.INFERRED);
  }

  @Test
  void whatANeighbourMintedWithItLeadsToNeitherButShowsBoth() {
    ran(laptop, 15, 25, "./admin.sh");
    Identifier minted = key("ASIAEXAMPLE000000002");
    importer.cloudCall(
        CloudRecord.of(at(18), "sts:AssumeRole", BROKERED).by(PYTHON).handingOut(minted));
    Event used =
        importer.cloudCall(CloudRecord.of(at(20), "rds:DeleteDBInstance", minted).by(PYTHON));
    Attribution answer = answer(used);
    assertThat(answer.best().session()).isNull();
    assertThat(answer.rivals()).extracting(Candidate::session).contains("holder", "other");
  }

  @Test
  void whatTheHoldersCommandNamesIsItsOwnAlsoByAKeyThatEitherMayHaveMinted() {
    ran(laptop, 15, 25, "./admin.sh");
    Identifier minted = key("ASIAEXAMPLE000000002");
    importer.cloudCall(
        CloudRecord.of(at(18), "sts:AssumeRole", BROKERED).by(PYTHON).handingOut(minted));
    holder.requested(at(100), "call-b", "aws rds delete-db-instance");
    holder.completed(at(110), "call-b", "aws rds delete-db-instance", "ok");
    Event used =
        importer.cloudCall(
            CloudRecord.of(at(105), "rds:DeleteDbInstance", minted).by("aws-cli/2.31.3"));
    namesTheHolder(answer(used), Grade.INFERRED);
  }

  @Test
  void aCallInTheBackgroundIsNoNeighbour() {
    laptop.session("other").requested(at(15), "call-x", "./watch.sh");
    namesTheHolder(answer(used(20, "rds:DeleteDBInstance")), Grade.INFERRED);
  }

  @Test
  void theAnswerIsTheSameWhateverComesFirst() {
    long seed = 20261201;
    ran(laptop, 15, 25, "./admin.sh");
    Event invisible = used(20, "rds:DeleteDBInstance");
    Event weak = importer.cloudCall(CloudRecord.of(at(21), "s3:GetBucketPolicy", BROKERED));
    Event idle = used(50, "rds:StopDBInstance");
    List<Event> events = List.of(invisible, weak, idle);
    List<List<Object>> first = null;
    Random random = new Random(seed);
    for (int round = 0; round < 12; round++) {
      List<List<World.Stored>> left =
          new ArrayList<>(
              List.of(new ArrayList<>(laptop.stored()), new ArrayList<>(importer.stored())));
      List<World.Stored> order = new ArrayList<>();
      while (!left.isEmpty()) {
        Collections.shuffle(left, random);
        order.add(left.getFirst().removeFirst());
        left.removeIf(List::isEmpty);
      }
      try (Run run = new Run(world, directory.resolve("order-" + round))) {
        run.feed(order);
        List<List<Object>> said =
            events.stream()
                .map(run::of)
                .map(a -> List.<Object>of(a.best(), a.rivals(), a.moreRivals()))
                .toList();
        first = first == null ? said : first;
        assertThat(said).as("seed %d, round %d", seed, round).isEqualTo(first);
      }
    }
  }
}
