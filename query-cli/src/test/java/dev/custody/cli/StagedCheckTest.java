package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.VerifiedEvent;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.doctor.CommitProbe;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.probe.ProbedHooks;
import dev.custody.sighting.StrictJson;
import dev.custody.source.git.SecretChecks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits made by git itself, with the check as its pre-commit hook, and a running collector. */
@Timeout(120)
final class StagedCheckTest {
  private static final String TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
  private static final String STRIPE = "sk" + "_live_" + "a1B2c3D4e5F6g7H8i9J0k1L2";

  @TempDir private Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;
  private Collector collector;
  private Path data;
  private Path repository;

  /** What git said. */
  private record Said(int code, String text) {}

  private static HookSource checks(Organisation organisation) {
    SecretChecks checks = new SecretChecks(organisation.observer());
    return (body, delegation) -> HookReply.proceed(checks.events(StrictJson.object(body)));
  }

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    collector =
        Collector.start(
            CollectorConfig.of(
                directory.resolve("data"),
                outlet,
                0,
                organisation.routes(
                    ProbedHooks.of(
                        Map.of(Routes.GIT_SECRET_CHECKS, checks(organisation)),
                        organisation.observer()),
                    List.of(),
                    events -> {}),
                organisation.observer(),
                organisation::key,
                organisation.roots()));
    data = directory.resolve("custody");
    repository = Files.createDirectories(directory.toRealPath().resolve("acme"));
    assertThat(git(Map.of(), "init", "-q", "-b", "main").code()).isZero();
    git(Map.of(), "config", "user.name", "Dana");
    git(Map.of(), "config", "user.email", "dana@acme.example");
    Path hook = repository.resolve(".git/hooks/pre-commit");
    String java = ProcessHandle.current().info().command().orElse("java");
    Files.writeString(
        hook,
        """
        #!/bin/sh
        '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.custody.cli.Main --data '%s' git check-staged
        [ $? -ne 1 ]
        """
            .formatted(java, System.getProperty("java.class.path"), data));
    assertThat(hook.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private Said git(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(v -> v.startsWith("CUSTODY_") || v.contains("SESSION"));
    builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private Said commit(Map<String, String> environment) throws Exception {
    return git(environment, "commit", "-q", "-m", "change");
  }

  private Map<String, String> reaching(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("CUSTODY_COLLECTOR", "http://127.0.0.1:" + collector.httpPort());
    return environment;
  }

  private void stage(String file, String text) throws Exception {
    Files.writeString(repository.resolve(file), text);
    git(Map.of(), "add", "-A");
  }

  private List<Event> decisions() throws Exception {
    return recorded().stream().filter(e -> e.body() instanceof Body.PolicyDecision).toList();
  }

  private List<Event> recorded() throws Exception {
    assertThat(collector.awaitPublished(Duration.ofSeconds(20))).isTrue();
    return organisation.verify(outlet.log()).stream().map(VerifiedEvent::event).toList();
  }

  private List<String> missed() throws IOException {
    Path file = data.resolve("missed");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Test
  void aFormOfTheUsersOwnIsRefusedAsThoseThatComeWithCustodyAre() throws Exception {
    Path own = Files.createDirectories(data.resolve("collector"));
    Files.writeString(
        own.resolve("secrets.conf"),
        "kind acme-key high\n  word acme_ hex{30,}\n  example acme_ 0a1b*8\n");
    Files.writeString(repository.resolve("a.txt"), "the key\n" + "acme_" + "0a1b2c3d".repeat(4));
    git(Map.of(), "add", "a.txt");
    Said said = git(Map.of(), "commit", "-qm", "one");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("  a.txt:2 acme-key").doesNotContain("0a1b2c3d");
    Files.writeString(own.resolve("secrets.conf"), "kind\n");
    Said broken = git(Map.of(), "commit", "-qm", "one");
    assertThat(broken.code()).isZero();
    assertThat(broken.text())
        .contains("secrets.conf:1: ", "only the built-in forms of secrets are looked for");
  }

  @Test
  void aCommitWithoutSecretsGoesOnInSilence() throws Exception {
    stage("a.txt", "nothing here\n");
    assertThat(commit(reaching(Map.of()))).isEqualTo(new Said(0, ""));
    assertThat(decisions()).isEmpty();
  }

  @Test
  void aCommitThatAddsASecretIsRefusedAndThatIsRecorded() throws Exception {
    stage("a.txt", "one\nkey " + TOKEN + "\n");
    stage("b.txt", STRIPE + "\n");
    Said said = commit(reaching(Map.of("CLAUDE_CODE_SESSION_ID", "02d1-session")));
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text())
        .contains(
            "custody: the commit adds 2 secrets:", "  a.txt:2 github-token", "  b.txt:1 stripe")
        .contains("CUSTODY_ALLOW_SECRET='why' git commit")
        .doesNotContain(TOKEN, STRIPE);
    assertThat(git(Map.of(), "rev-parse", "-q", "--verify", "HEAD").code()).isNotZero();
    assertThat(decisions()).hasSize(1);
    Event event = decisions().getFirst();
    assertThat(event.body())
        .isEqualTo(
            new Body.PolicyDecision(
                "git:commit",
                "enforce",
                "NOT_APPLICABLE",
                "secrets",
                "configuration",
                "deny",
                "the commit would add 2 secrets: github-token, stripe-key"));
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(event.session()).isEqualTo("02d1-session");
    assertThat(event.resources()).containsExactly(repository + "/a.txt:2", repository + "/b.txt:1");
    assertThat(event.actor().human()).extracting("id").isEqualTo("dana@acme.example");
    assertThat(event.content().utf8()).doesNotContain(TOKEN, STRIPE);
    assertThat(missed()).isEmpty();
  }

  @Test
  void anOverrideCommitsAndIsRecordedWithItsRedactedReason() throws Exception {
    stage("a.txt", TOKEN + "\n");
    String reason = "made up for a test, not " + STRIPE;
    Said said = commit(reaching(Map.of("CUSTODY_ALLOW_SECRET", reason)));
    assertThat(said.code()).isZero();
    assertThat(said.text()).contains("CUSTODY_ALLOW_SECRET is set", "a.txt:1 github-token");
    assertThat(git(Map.of(), "rev-parse", "-q", "--verify", "HEAD").code()).isZero();
    Event event = decisions().getFirst();
    Body.PolicyDecision decision = (Body.PolicyDecision) event.body();
    assertThat(decision.decidedBy()).isEqualTo("user");
    assertThat(decision.answer()).isEqualTo("proceed");
    assertThat(decision.reason()).startsWith("made up for a test, not [redacted:stripe-key:");
    assertThat(event.content().utf8()).doesNotContain(STRIPE);
    assertThat(event.outcomeReason()).isEqualTo(decision.reason());
  }

  @Test
  void theCommitOfATrialIsRefusedAndRecordedAsAProbeAndNoDecision() throws Exception {
    String session = "custody-probe-0123456789abcdef";
    stage(CommitProbe.FILE, CommitProbe.TEXT);
    Said said = commit(reaching(Map.of("CUSTODY_SESSION", session)));
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text()).contains("the commit adds 1 secret", "custody-probe:1 github-token");
    assertThat(decisions()).isEmpty();
    assertThat(recorded())
        .filteredOn(e -> session.equals(e.session()))
        .singleElement()
        .satisfies(e -> assertThat(e.body()).isEqualTo(new Body.Observed("CustodyProbe")));

    Map<String, String> nobody =
        Map.of("CUSTODY_COLLECTOR", "http://127.0.0.1:9", "CUSTODY_SESSION", session);
    assertThat(commit(nobody).text()).contains(CommitProbe.NOT_TAKEN).doesNotContain("noted");
    assertThat(missed()).isEmpty();
  }

  @Test
  void nothingElseIsHiddenByTheCommitOfATrial() throws Exception {
    String session = "custody-probe-0123456789abcdef";
    stage(CommitProbe.FILE, CommitProbe.TEXT);
    assertThat(commit(reaching(Map.of("CUSTODY_SESSION", "ses_1"))).code()).isEqualTo(1);
    assertThat(decisions()).as("made in another session").hasSize(1);
    stage("b.txt", STRIPE + "\n");
    assertThat(commit(reaching(Map.of("CUSTODY_SESSION", session))).code()).isEqualTo(1);
    assertThat(decisions()).as("with another secret beside it").hasSize(2);
    git(Map.of(), "rm", "-q", "--cached", "b.txt");
    stage(CommitProbe.FILE, TOKEN + "\n");
    Files.delete(repository.resolve("b.txt"));
    git(Map.of(), "add", "-A");
    assertThat(commit(reaching(Map.of("CUSTODY_SESSION", session))).code()).isEqualTo(1);
    assertThat(decisions()).as("with another secret in its place").hasSize(3);
    stage(CommitProbe.FILE, CommitProbe.TEXT);
    Map<String, String> override =
        Map.of("CUSTODY_SESSION", session, "CUSTODY_ALLOW_SECRET", "made up");
    assertThat(commit(reaching(override)).code()).isZero();
    assertThat(decisions().getLast().session()).as("an override").isEqualTo(session);
    assertThat(decisions()).hasSize(4);
  }

  @Test
  void withoutACollectorBothWorkAndAreNoted() throws Exception {
    stage("a.txt", TOKEN + "\n");
    Map<String, String> nobody =
        Map.of("CUSTODY_COLLECTOR", "http://127.0.0.1:9", "CODEX_SESSION_ID", "s-1");
    assertThat(commit(nobody).code()).isEqualTo(1);
    Said said = commit(Map.of("CUSTODY_ALLOW_SECRET", "why not", "CUSTODY_SESSION", "a b\nc"));
    assertThat(said.code()).isZero();
    assertThat(said.text()).contains("no collector took this down; it is noted");
    assertThat(missed())
        .satisfiesExactly(
            line -> assertThat(line).matches("git SecretCheckRefused s-1 \\d{13}"),
            line -> assertThat(line).matches("git SecretCheckOverridden - \\d{13}"));
    assertThat(decisions()).isEmpty();
  }

  @Test
  void whatCanNotBeCheckedIsCommittedAndNoted() throws Exception {
    stage("a.txt", TOKEN + "\n");
    Said said = commit(Map.of("GIT_DIR", ".git", "CUSTODY_DATA", data.toString()));
    assertThat(said.code()).as(said.text()).isEqualTo(1);
    Path hook = repository.resolve(".git/hooks/pre-commit");
    Files.writeString(
        hook, Files.readString(hook).replace("#!/bin/sh\n", "#!/bin/sh\nGIT_DIR=/nowhere\n"));
    Said unchecked = commit(Map.of("GIT_DIR", ".git"));
    assertThat(unchecked.code()).as(unchecked.text()).isZero();
    assertThat(unchecked.text()).contains("custody: not checked for secrets: expected a git");
    assertThat(missed().getLast()).matches("git SecretCheckFailed - \\d{13}");
  }

  @Test
  void whatOnlyHasATellingNameIsToldUnlessStrict() throws Exception {
    stage("app.yml", "password: correct-horse-9\n");
    Said said = commit(reaching(Map.of()));
    assertThat(said.code()).isZero();
    assertThat(said.text()).contains("look like secrets and are not refused", "app.yml:1 generic");
    assertThat(said.text()).doesNotContain("correct-horse");
    stage("app.yml", "x\npassword: correct-horse-10\n");
    Path hook = repository.resolve(".git/hooks/pre-commit");
    Files.writeString(
        hook, Files.readString(hook).replace("check-staged", "check-staged --strict"));
    assertThat(commit(reaching(Map.of())).code()).isEqualTo(1);
    assertThat(decisions()).hasSize(1);
  }
}
