package dev.custody.topology;

import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.Event;
import dev.custody.event.GitAiSession;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.topology.World.CloudRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identifiers of other providers than AWS, and git-ai's names of sessions. */
class CredentialKindsTest {
  private static final Identifier JTI =
      new Identifier(
          IdentifierKind.KUBERNETES_CREDENTIAL, "JTI=17ab4926-813f-4ffe-9173-f288d07c1b31");
  private static final Identifier REQUESTED =
      new Identifier(
          IdentifierKind.KUBERNETES_CREDENTIAL, "JTI=5d0c7a52-1111-4222-8333-f288d07c1b31");
  private static final Identifier GITHUB =
      new Identifier(IdentifierKind.GITHUB_TOKEN, "qc1n0Zk3f0Bd8Yh2vH0m6s4r5u7w9x1y3A5C7E9G1I0=");
  private static final String GET = "kubectl get pods/checkout-1 -n web";
  private static final String COMMIT = "55f434a099909a9684076ea23a737f263fc1b1e6";

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
  }

  private void runs(double from, double to, String call, String command, Identifier... shown) {
    session.requested(at(from), call, command);
    session.completed(at(to), call, command, "ok", shown);
  }

  private Attribution answer(Event event) {
    List<World.Stored> stored = new ArrayList<>(importer.stored());
    stored.addAll(laptop.stored());
    List<World.Stored> reversed = new ArrayList<>(laptop.stored());
    reversed.addAll(importer.stored());
    Attribution answer = answer(event, stored);
    assertThat(answer(event, reversed).best()).isEqualTo(answer.best());
    return answer;
  }

  private Attribution answer(Event event, List<World.Stored> stored) {
    try (Run run = new Run(world, directory.resolve("state-" + runs++))) {
      run.feed(stored);
      return run.of(event);
    }
  }

  @Test
  void aKubernetesCredentialThatWasShownLeadsToTheSession() {
    runs(2, 3, "call-a", "kubectl auth whoami -o yaml", JTI);
    runs(10, 20, "call-b", GET);
    Event used =
        importer.cloudCall(at(15), at(600), "k8s:get:pods", "k8s:web/pods/checkout-1", JTI);
    Attribution answer = answer(used);
    assertThat(answer.best().session()).isEqualTo("one");
    assertThat(answer.best().grade()).isEqualTo(Grade.CORROBORATED);
  }

  @Test
  void aKubernetesCredentialOutsideOfEveryCallNamesNobody() {
    runs(2, 3, "call-a", "kubectl auth whoami -o yaml", JTI);
    Event used =
        importer.cloudCall(at(900), at(1500), "k8s:delete:pods", "k8s:web/pods/checkout-1", JTI);
    Attribution answer = answer(used);
    assertThat(answer.best().grade()).isEqualTo(Grade.UNATTRIBUTED);
    assertThat(answer.rivals()).anyMatch(rival -> "one".equals(rival.session()));
  }

  @Test
  void whatIsDoneWithARequestedTokenIsItsRequestersNoSurerThanTheRequest() {
    runs(2, 3, "call-a", "kubectl auth whoami -o yaml", JTI);
    runs(10, 20, "call-b", "kubectl create token deployer -n web > token");
    runs(30, 40, "call-c", GET);
    importer.cloudCall(
        CloudRecord.of(at(15), "k8s:create:serviceaccounts/token", JTI)
            .touching("k8s:web/serviceaccounts/deployer/token")
            .handingOut(REQUESTED));
    Event used =
        importer.cloudCall(
            CloudRecord.of(at(35), "k8s:get:pods", REQUESTED).touching("k8s:web/pods/checkout-1"));
    Attribution answer = answer(used);
    assertThat(answer.best().session()).isEqualTo("one");
    assertThat(answer.best().grade()).isIn(Grade.CORROBORATED, Grade.INFERRED);
  }

  @Test
  void aTokenOfGitHubThatWasShownLeadsToTheSession() {
    runs(2, 3, "call-a", "gh api /orgs/acme/audit-log", GITHUB);
    runs(10, 20, "call-b", "gh repo delete acme/old-shop");
    Event used =
        importer.cloudCall(at(15), at(600), "github:repo.destroy", "github:acme/old-shop", GITHUB);
    Attribution answer = answer(used);
    assertThat(answer.best().session()).isEqualTo("one");
    assertThat(answer.best().grade()).isEqualTo(Grade.CORROBORATED);
  }

  @Test
  void aNoteOfGitAiIsNoMoreThanInferredForTheSessionThatItNames() {
    session.tagged(at(1), "custody-00000000000000000001");
    Event note = importer.note(at(30), COMMIT, GitAiSession.of("claude", "one"));
    Attribution answer = answer(note);
    assertThat(answer.best().session()).isEqualTo("one");
    assertThat(answer.best().grade()).isEqualTo(Grade.INFERRED);
    assertThat(answer.best().concerns()).isEmpty();
  }

  @Test
  void aNoteThatNamesAnotherSessionDoesNotTakeACommitFromTheOneThatReportedIt() {
    laptop.session("two").tagged(at(1), "custody-00000000000000000002");
    session.requested(at(10), "call-a", "git commit -m tidy");
    session.completed(
        at(20),
        "call-a",
        "git commit -m tidy",
        "ok",
        new Identifier(IdentifierKind.GIT_COMMIT, COMMIT));
    Event commit = importer.commit(at(15), COMMIT);
    Event forged = importer.note(at(30), COMMIT, GitAiSession.of("claude", "two"));
    assertThat(answer(commit).best().session()).isEqualTo("one");
    assertThat(answer(forged).rivals()).anyMatch(rival -> "two".equals(rival.session()));
  }

  @Test
  void aNoteThatNamesAnUnknownSessionNamesNobody() {
    session.tagged(at(1), "custody-00000000000000000001");
    Event note = importer.note(at(30), COMMIT, GitAiSession.of("claude", "nobody's"));
    assertThat(answer(note).best().grade()).isEqualTo(Grade.UNATTRIBUTED);
  }
}
