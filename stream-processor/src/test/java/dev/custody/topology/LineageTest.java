package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.topology.World.CloudRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials that were issued to a session, what descends from them, and who else has them. */
class LineageTest {
  private static final Identifier BROKERED = key("ASIAEXAMPLE000000001");
  private static final Identifier CHAINED = key("ASIAEXAMPLE000000002");
  private static final Identifier CHAINED_AGAIN = key("ASIAEXAMPLE000000003");
  private static final Identifier BROKERS_OWN = key("ASIAEXAMPLE0000BROKER");
  private static final Identifier DELEGATION =
      new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dlg-minted");
  private static final String LIST = "aws s3api list-buckets";

  @TempDir Path directory;
  private World world;
  private World.Collector laptop;
  private World.Collector importer;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    laptop = world.collector();
    importer = world.collector();
    laptop.grant("dlg-minted", "dana@example.test", "s3:*,sts:*", at(-600), at(7200), at(-60));
  }

  private Run run() {
    return new Run(world, directory.resolve("state-" + runs++));
  }

  /** A session in whose first call the broker gave it a credential. */
  private World.Session brokered(String id) {
    World.Session session = laptop.session(id);
    session.requested(at(10), "call-a", LIST);
    session.issued(at(10.5), BROKERED, "dlg-minted");
    session.completed(at(40), "call-a", LIST, "ok");
    return session;
  }

  /** The same, under a delegation that the session presented by its id. */
  private void brokeredUnderPresented(String id) {
    World.Session session = laptop.session(id);
    session.requested(at(10), "call-a", LIST);
    session.issuedUnderPresented(at(10.5), BROKERED, "dlg-minted");
    session.completed(at(40), "call-a", LIST, "ok");
  }

  /** The provider's own record of the issue. */
  private Event assumed() {
    return importer.cloudCall(
        CloudRecord.of(at(10), "sts:AssumeRole", BROKERS_OWN, DELEGATION).handingOut(BROKERED));
  }

  private Event listed(double seconds, Identifier key) {
    return importer.cloudCall(CloudRecord.of(at(seconds), "s3:ListBuckets", key));
  }

  private List<World.Stored> all() {
    List<World.Stored> stored = new ArrayList<>(laptop.stored());
    stored.addAll(importer.stored());
    return stored;
  }

  @Test
  void aCredentialOfTheBrokerIsProvenOnceTheProvidersRecordNamesItToo() throws Exception {
    brokered("one");
    Event used = listed(20, BROKERED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.CORROBORATED);
      Event assumed = assumed();
      run.feed(List.of(importer.stored().getLast()));
      Attribution issue = run.of(assumed);
      assertThat(issue.best().session()).isEqualTo("one");
      assertThat(issue.best().grade()).isEqualTo(Grade.PROVEN);
      Attribution proven = run.of(used);
      assertThat(proven.best().grade()).isEqualTo(Grade.PROVEN);
      assertThat(proven.best().toolCall()).isEqualTo("call-a");
      assertThat(proven.best().delegation()).isEqualTo("dlg-minted");
      assertThat(proven.rivals()).isEmpty();
    }
  }

  // Within the call of its holder any process of the same user may use it.
  @Test
  void aUseOfTheBrokersCredentialIsProvenOnlyWhereTheCommandTellsOfIt() throws Exception {
    brokered("one");
    assumed();
    Event sameService = importer.cloudCall(CloudRecord.of(at(20), "s3:GetBucketPolicy", BROKERED));
    Event another = importer.cloudCall(CloudRecord.of(at(21), "rds:DeleteDBInstance", BROKERED));
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(sameService).best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(run.of(another).best().grade()).isEqualTo(Grade.INFERRED);
      for (Event event : List.of(sameService, another)) {
        assertThat(run.of(event).best().session()).isEqualTo("one");
        assertThat(run.of(event).best().toolCall()).isNull();
      }
    }
  }

  @Test
  void theHumanWhoSignedTheDelegationIsProvenWhereItWasPresentedAndTheProviderCarriesIt()
      throws Exception {
    brokeredUnderPresented("one");
    assumed();
    Event used = importer.cloudCall(CloudRecord.of(at(20), "s3:ListBuckets", BROKERED, DELEGATION));
    try (Run run = run()) {
      run.feed(all());
      Attribution proven = run.of(used);
      assertThat(Objects.requireNonNull(proven.best().human()).basis())
          .isEqualTo(HumanBasis.SIGNED_DELEGATION);
      assertThat(proven.humanGrade()).isEqualTo(Grade.PROVEN);
    }
  }

  // Whose newest grant is taken follows from what the repository says of its human: no more.
  @Test
  void aHumanWhoseDelegationWasOnlyFoundByTheirNameIsNotProvenByIt() throws Exception {
    brokered("one");
    assumed();
    Event used = importer.cloudCall(CloudRecord.of(at(20), "s3:ListBuckets", BROKERED, DELEGATION));
    try (Run run = run()) {
      run.feed(all());
      Attribution found = run.of(used);
      assertThat(found.best().grade()).as("which session it was").isEqualTo(Grade.PROVEN);
      assertThat(found.best().delegation()).isEqualTo("dlg-minted");
      assertThat(Objects.requireNonNull(found.best().human()).basis())
          .isEqualTo(HumanBasis.GIT_EMAIL);
      assertThat(found.humanGrade()).isEqualTo(Grade.INFERRED);
    }
  }

  @Test
  void aHumanIsNotProvenWhereTheProviderDoesNotCarryTheDelegation() throws Exception {
    brokeredUnderPresented("one");
    assumed();
    Event used = listed(20, BROKERED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().session()).isEqualTo("one");
      assertThat(run.of(used).humanGrade()).isEqualTo(Grade.INFERRED);
    }
  }

  @Test
  void aSourceIdentityAloneProvesNoHuman() throws Exception {
    Event used = importer.cloudCall(CloudRecord.of(at(20), "s3:ListBuckets", CHAINED, DELEGATION));
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(run.of(used).humanGrade()).isEqualTo(Grade.UNATTRIBUTED);
    }
  }

  @Test
  void aKeyThatTheProviderSaysIsRevokedIsOfConcernFromThenOnWhateverTheOrder() throws Exception {
    Identifier made = key("AKIAEXAMPLE000000MADE");
    brokered("one");
    assumed();
    importer.cloudCall(CloudRecord.of(at(15), "iam:CreateAccessKey", BROKERED).handingOut(made));
    Event before = listed(20, made);
    Event revoked =
        importer.record(
            new EventBuilder(
                    new Source("cloudtrail", "DeleteAccessKey", "id#revoked", null),
                    new Host("importer", null),
                    at(900),
                    new Body.CredentialRevoked(made, "iam:DeleteAccessKey", at(60), null))
                .occurredAt(at(60))
                .action("credential:revoke")
                .outcome(Outcome.SUCCESS, null)
                .identifiers(List.of(made))
                .build());
    Event afterwards = listed(7000, made);
    List<World.Stored> reversed = new ArrayList<>(importer.stored());
    reversed.addAll(laptop.stored());
    for (List<World.Stored> order : List.of(all(), reversed)) {
      try (Run run = run()) {
        run.feed(order);
        assertThat(run.of(before).best().session()).isEqualTo("one");
        assertThat(run.of(before).best().concerns()).doesNotContain(Concern.AFTER_REVOCATION);
        assertThat(run.of(afterwards).best().concerns()).contains(Concern.AFTER_REVOCATION);
        assertThat(run.of(revoked).best().session()).as("who held it").isEqualTo("one");
        assertThat(run.of(revoked).best().concerns()).isEmpty();
        assertThat(run.of(revoked).best().grade()).isEqualTo(Grade.INFERRED);
      }
    }
  }

  @Test
  void whatDescendsByRoleChainingIsTheSessionsToo() throws Exception {
    brokered("one");
    assumed();
    // The command line assumes the roles that its profile names, for what it was told to do.
    String told = "aws-cli/2.15.0 md/command#s3api.list-buckets";
    importer.cloudCall(
        CloudRecord.of(at(15), "sts:AssumeRole", BROKERED).by(told).handingOut(CHAINED));
    importer.cloudCall(
        CloudRecord.of(at(16), "sts:AssumeRole", CHAINED).by(told).handingOut(CHAINED_AGAIN));
    Event used = listed(20, CHAINED_AGAIN);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().session()).isEqualTo("one");
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.PROVEN);
      assertThat(run.of(used).best().delegation()).isEqualTo("dlg-minted");
    }
  }

  // Any process of the same user may mint a key with the holder's while the holder's call runs.
  @Test
  void aKeyThatTheCommandDoesNotTellOfIsInferredAndSoIsAllThatIsDoneWithIt() throws Exception {
    brokered("one");
    assumed();
    for (String mint : List.of("sts:AssumeRole", "iam:CreateAccessKey")) {
      Identifier minted = key("ASIAEXAMPLE" + mint.substring(4).toUpperCase(Locale.ROOT));
      Event issue =
          importer.cloudCall(
              CloudRecord.of(at(15), mint, BROKERED).by("Boto3/1.34").handingOut(minted));
      Event used = listed(20, minted);
      try (Run run = run()) {
        run.feed(all());
        assertThat(run.of(issue).best().session()).isEqualTo("one");
        assertThat(run.of(issue).best().grade()).isEqualTo(Grade.INFERRED);
        assertThat(run.of(used).best().grade()).isEqualTo(Grade.INFERRED);
      }
    }
  }

  @Test
  void aKeyThatTheCallsOfTwoSessionsExplainAlikeIsInferredAndTheOtherIsARival() throws Exception {
    for (String id : List.of("one", "two")) {
      World.Session session = laptop.session(id);
      session.requested(at(2), "look-" + id, "cat .env");
      session.completed(at(3), "look-" + id, "cat .env", "the key", CHAINED);
      session.requested(at(10), "call-" + id, "node scripts/admin.js");
      session.completed(at(20), "call-" + id, "node scripts/admin.js", "ok");
    }
    Event used =
        importer.cloudCall(
            CloudRecord.of(at(15), "rds:DeleteDBInstance", CHAINED).by("aws-sdk-js/3.651.1"));
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.INFERRED);
      assertThat(run.of(used).rivals())
          .extracting(Candidate::grade)
          .containsExactly(Grade.INFERRED);
    }
  }

  @Test
  void aRevocationCountsThoughItArrivesBeforeTheIssue() throws Exception {
    brokered("one");
    World.Collector elsewhere = world.collector();
    elsewhere.session("one").revoked(at(60), BROKERED);
    Event used = listed(2000, BROKERED);
    List<World.Stored> issuedFirst = all();
    issuedFirst.addAll(elsewhere.stored());
    List<World.Stored> revokedFirst = new ArrayList<>(elsewhere.stored());
    revokedFirst.addAll(all());
    for (List<World.Stored> order : List.of(issuedFirst, revokedFirst)) {
      try (Run run = run()) {
        run.feed(order);
        assertThat(run.of(used).best().concerns()).contains(Concern.AFTER_REVOCATION);
      }
    }
  }

  @Test
  void aCommandThatNamesAKeyIsNotForgottenWhenTheKeyIsShownLater() throws Exception {
    World.Session session = laptop.session("one");
    session.naming(at(10), "call-a", "AWS_ACCESS_KEY_ID=x " + LIST, CHAINED);
    session.completed(at(14), "call-a", LIST, "ok");
    session.requested(at(400), "call-b", "cat .env");
    session.completed(at(401), "call-b", "cat .env", "the key", CHAINED);
    Event used = listed(12, CHAINED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().session()).isEqualTo("one");
      assertThat(run.of(used).best().toolCall()).isEqualTo("call-a");
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.INFERRED);
    }
  }

  // What showed the key is why the record is the session's: it must not go because of it.
  @Test
  void aKeyThatWasShownAndThatTheProviderHandedOutSettlesAtOnce() throws Exception {
    String assume = "aws sts assume-role --role-arn arn:aws:iam::123456789012:role/deploy";
    World.Session session = laptop.session("one");
    session.requested(at(10), "call-a", assume);
    session.completed(at(14), "call-a", assume, "the new key", CHAINED);
    session.requested(at(18), "call-b", LIST);
    session.completed(at(25), "call-b", LIST, "ok");
    Event handedOut =
        importer.cloudCall(
            CloudRecord.of(at(12), "sts:AssumeRole", BROKERS_OWN).handingOut(CHAINED));
    Event used = listed(20, CHAINED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(handedOut).best().session()).isEqualTo("one");
      assertThat(run.of(handedOut).revision() >> 20).isLessThan(8);
      assertThat(run.of(used).best().session()).isEqualTo("one");
    }
  }

  @Test
  void whoMayHoldACredentialIsShownBesideWhatIsDoneWithIt() throws Exception {
    Identifier shared = key("AKIAEXAMPLE000SHARED");
    for (String id : List.of("one", "two")) {
      laptop.session(id).completed(at(5), "call-" + id, "cat .env", "the shared key", shared);
    }
    importer.cloudCall(CloudRecord.of(at(100), "sts:AssumeRole", shared).handingOut(CHAINED_AGAIN));
    Event used = listed(110, CHAINED_AGAIN);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(used).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(run.of(used).rivals())
          .extracting(r -> r.session())
          .containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void whoUsesACredentialFromAnotherAddressIsNotNamed() throws Exception {
    brokered("one");
    assumed();
    Event stolen =
        importer.cloudCall(CloudRecord.of(at(20), "s3:ListBuckets", BROKERED).from("203.0.113.99"));
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(stolen).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
      assertThat(run.of(stolen).rivals()).extracting(r -> r.session()).containsExactly("one");
      assertThat(run.of(stolen).best().concerns()).containsExactly(Concern.OTHER_ADDRESS);
      assertThat(titles(run))
          .contains("Agent's credential was used when, where or by whom it should not be");
    }
  }

  @Test
  void aCredentialThatAnotherSessionHasComeToKnowIsNotProvenAndTheOtherIsARival() throws Exception {
    brokered("one");
    assumed();
    World.Session other = laptop.session("two");
    other.naming(at(18), "call-x", "AWS_ACCESS_KEY_ID=" + BROKERED.value() + " " + LIST, BROKERED);
    other.completed(at(25), "call-x", LIST, "ok");
    Event used = listed(20, BROKERED);
    try (Run run = run()) {
      run.feed(all());
      Attribution answer = run.of(used);
      assertThat(answer.best().session()).isEqualTo("one");
      assertThat(answer.best().grade()).isEqualTo(Grade.CORROBORATED);
      assertThat(answer.best().concerns()).contains(Concern.OTHER_HOLDER);
      assertThat(answer.rivals()).extracting(r -> r.session()).containsExactly("two");
    }
  }

  @Test
  void whatOutlivesItsSessionAndItsExpiryIsSaidToHave() throws Exception {
    World.Session session = brokered("one");
    session.ended(at(60));
    assumed();
    Event ended = listed(600, BROKERED);
    Event expired = listed(3700, BROKERED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(ended).best().concerns()).containsExactly(Concern.AFTER_SESSION_END);
      assertThat(run.of(expired).best().concerns()).containsExactly(Concern.AFTER_EXPIRY);
      assertThat(run.of(ended).best().grade()).isEqualTo(Grade.INFERRED);
    }
  }

  @Test
  void aTagThatContradictsTheCredentialIsNotBelieved() throws Exception {
    brokered("one").tagged(at(1), "custody-00000000000000000001");
    assumed();
    World.Session victim = laptop.session("two");
    victim.tagged(at(1), "custody-00000000000000000002");
    victim.requested(at(15), "call-v", LIST);
    victim.completed(at(25), "call-v", LIST, "ok");
    Event spoofed =
        importer.cloudCall(
            CloudRecord.of(
                at(20),
                "s3:ListBuckets",
                BROKERED,
                new Identifier(IdentifierKind.SESSION_TAG, "custody-00000000000000000002")));
    try (Run run = run()) {
      run.feed(all());
      Attribution answer = run.of(spoofed);
      assertThat(answer.best().grade()).isEqualTo(Grade.INFERRED);
      assertThat(answer.best().concerns()).contains(Concern.CONFLICTING_TAG);
      assertThat(answer.rivals()).isNotEmpty();
    }
  }

  @Test
  void anAgentsCredentialWithoutAToolCallIsAFindingAfterItsGraceAndClosedByALateCall()
      throws Exception {
    brokered("one");
    assumed();
    Event orphan = listed(1200, BROKERED);
    try (Run run = run()) {
      run.feed(all());
      assertThat(run.of(orphan).best().concerns()).isEmpty();
      // Somebody else's event: the partition's own time passes the deadline.
      importer.cloudCall(CloudRecord.of(at(4000), "s3:ListBuckets", key("AKIAEXAMPLE00000NONE")));
      run.feed(List.of(importer.stored().getLast()));
      assertThat(run.of(orphan).best().concerns()).containsExactly(Concern.NO_TOOL_CALL);
      assertThat(orphans(run)).containsExactly("New");
      World.Collector late = world.collector();
      World.Session session = late.session("one");
      session.requested(at(1190), "call-late", LIST);
      session.completed(at(1210), "call-late", LIST, "ok");
      run.feed(late.stored());
      assertThat(run.of(orphan).best().toolCall()).isEqualTo("call-late");
      assertThat(run.of(orphan).best().concerns()).isEmpty();
      assertThat(orphans(run)).containsExactly("Resolved");
    }
  }

  @Test
  void theAnswersAreTheSameInWhateverOrderTheChainsArrive() throws Exception {
    World.Session session = brokered("one");
    session.tagged(at(2), "custody-00000000000000000001");
    session.ended(at(60));
    World.Collector second = world.collector();
    World.Session other = second.session("two");
    other.requested(at(12), "call-x", "cat credentials");
    other.completed(at(13), "call-x", "cat credentials", "", CHAINED);
    assumed();
    World.Collector third = world.collector();
    third.cloudCall(CloudRecord.of(at(15), "sts:AssumeRole", BROKERED).handingOut(CHAINED));
    third.cloudCall(CloudRecord.of(at(16), "sts:AssumeRole", CHAINED).handingOut(CHAINED_AGAIN));
    listed(20, CHAINED);
    listed(22, CHAINED_AGAIN);
    listed(600, CHAINED_AGAIN);
    third.cloudCall(CloudRecord.of(at(5000), "s3:ListBuckets", key("AKIAEXAMPLE00000NONE")));
    List<World.Collector> chains = List.of(laptop, importer, second, third);
    Map<String, String> expected = finalState(interleaved(chains, new Random(0)));
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    for (int round = 0; round < 12; round++) {
      Map<String, String> state = finalState(interleaved(chains, new Random(seed + round)));
      assertThat(state.keySet()).as("seed %d", seed + round).isEqualTo(expected.keySet());
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

  private static List<String> titles(Run run) {
    return run.findings().values().stream().map(f -> f.at("/finding_info/title").asText()).toList();
  }

  private static List<String> orphans(Run run) {
    return run.findings().values().stream()
        .filter(f ->
            f.at("/finding_info/title")
                .asText()
                .equals("Cloud call of an agent without a tool call"))
        .map(f -> f.path("status").asText())
        .toList();
  }
}
