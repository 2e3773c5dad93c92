package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.cli.CommandRun;
import dev.custody.local.CollectorClient;
import dev.custody.sts.AssumedRole;
import dev.custody.sts.IssuedKey;
import dev.custody.sts.StsStandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS command line as its makers built it, with credentials that the broker gives. */
class BrokerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Path AWS = Path.of("/usr/bin/aws");
  private static final String SESSION = "3f0c8a52-7b1d-4c3e-9f10-0123456789ab";
  private static final String ROLE = "arn:aws:iam::123456789012:role/custody-agents";
  private static final long SEED = 7;

  @TempDir Path directory;

  @Test
  void theAwsCommandLineWorksWithABrokeredCredentialAndNoSecretStays() throws Exception {
    assumeTrue(
        Files.isExecutable(AWS), "skipped: the AWS command line is missing; apt install awscli");
    Path data = directory.resolve("data");
    Path project = Files.createDirectories(directory.resolve("acme-api"));
    Asking custody = new Asking(data);
    try (StsStandIn sts = StsStandIn.start(Clock.systemUTC(), SEED)) {
      configure(data, sts);
      IssuedKey own = sts.user("arn:aws:iam::123456789012:user/collector");
      try (CustodyProcess up = up(data, own);
          CollectorClient collector = new CollectorClient(up.ready("http"))) {
        AgentSession agent = new AgentSession(List.of(collector), project, SESSION);
        agent.starts();
        agent.prompted("prompt-1", "who am I?");
        refusedWithoutADelegation(sts, up.ready("http"));
        grant(custody, data);
        for (String process : List.of(jvmProcess(data), shellProcess())) {
          identified(sts, process, up.ready("http"));
        }
        agent.ends();
        Await.until(
            "what the broker did is indexed",
            LONG,
            () -> custody.json("search", "--kind", "CredentialRevoked").size() == 2);
        recorded(custody, sts);
      }
      SecretHunt.findsNone(data, sts.secrets(), sts.assumed().getFirst().key().accessKeyId());
    }
  }

  @Test
  void onceItsDelegationIsRevokedASessionIsGivenNothingAndToldWhy() throws Exception {
    CommandRun.assumeOutsideAgents();
    Path data = directory.resolve("data");
    GitRepository ledger = GitRepository.make(directory.resolve("ledger"), Story.ROSA);
    Asking custody = new Asking(data);
    try (StsStandIn sts = StsStandIn.start(Clock.systemUTC(), SEED)) {
      configure(data, sts);
      IssuedKey own = sts.user("arn:aws:iam::123456789012:user/collector");
      try (CustodyProcess up = up(data, own);
          CollectorClient collector = new CollectorClient(up.ready("http"))) {
        new AgentSession(List.of(collector), ledger.directory(), SESSION).starts();
        String delegation = granted(custody);
        assertThat(collector.credential(request(null)).status()).isEqualTo(200);
        byHuman(custody, "delegate", "revoke", delegation, "--human", Story.ROSA);
        String revoked = "delegation " + delegation + " was revoked at ";
        assertThat(refusal(collector.credential(request(null))))
            .as("by the newest grant")
            .startsWith("no delegation of " + Story.ROSA + " to ")
            .contains(" is in force; " + revoked);
        assertThat(refusal(collector.credential(request(delegation))))
            .as("by the id that it presents")
            .startsWith(revoked);
        CommandRun.Result told = custody.run("credential", "aws", "--session", SESSION);
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out()).isEmpty();
        assertThat(told.err()).startsWith("custody: ").contains(revoked);
        Await.until(
            "what the broker decided is indexed",
            LONG,
            () -> decisions(custody).equals(List.of("DENIED", "DENIED", "DENIED", "SUCCESS")));
      }
      assertThat(sts.assumed()).hasSize(1);
    }
  }

  private static ObjectNode request(@Nullable String delegation) {
    ObjectNode request = JSON.createObjectNode().put("session", SESSION);
    return delegation == null ? request : request.put("delegation", delegation);
  }

  private static String refusal(CollectorClient.Answer answer) {
    assertThat(answer.status()).as(answer.reason()).isEqualTo(403);
    return answer.reason();
  }

  private static List<String> decisions(Asking custody) throws IOException {
    return custody.json("search", "--kind", "PolicyDecision").stream()
        .map(e -> e.path("outcome").asText())
        .sorted()
        .toList();
  }

  /** What Rosa grants her agent; its id. */
  private String granted(Asking custody) {
    return byHuman(
            custody,
            "delegate",
            "grant",
            "--human",
            Story.ROSA,
            "--agent",
            "claude-code",
            "--project",
            "ledger",
            "--action",
            "s3:Get*",
            "--for",
            "2h")
        .split(" ", -1)[1];
  }

  /** Runs a command that needs the human's key. */
  private String byHuman(Asking custody, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--wrapping-key", CustodyProcess.wrappingKey(directory).toString()));
    return custody.text(all.toArray(String[]::new));
  }

  private void configure(Path data, StsStandIn sts) throws IOException {
    Files.createDirectories(data.resolve("collector"));
    Files.writeString(
        data.resolve("collector").resolve("broker.json"),
        "{\"region\": \"eu-north-1\", \"roleArn\": \"%s\", \"stsEndpoint\": \"%s\"}"
            .formatted(ROLE, sts.address()));
  }

  private CustodyProcess up(Path data, IssuedKey own) throws IOException {
    return CustodyProcess.startIn(
        directory,
        "up",
        Map.of("AWS_ACCESS_KEY_ID", own.accessKeyId(), "AWS_SECRET_ACCESS_KEY", own.secret()),
        "up",
        "--http-port",
        "0",
        "--kafka-port",
        "0",
        "--log-port",
        "0",
        "--data",
        data.toString());
  }

  private void grant(Asking custody, Path data) throws Exception {
    Await.until(
        "the prompt is indexed",
        LONG,
        () -> !custody.json("search", "--kind", "PromptSubmitted").isEmpty());
    String human =
        custody.json("search", "--kind", "PromptSubmitted").getFirst().path("human").asText();
    try (CustodyProcess granting =
        CustodyProcess.start(
            directory,
            "grant",
            "delegate",
            "grant",
            "--human",
            human,
            "--agent",
            "claude-code",
            "--project",
            "acme-api",
            "--action",
            "s3:Get*",
            "--for",
            "2h",
            "--data",
            data.toString())) {
      assertThat(granting.exitCode(LONG)).as(granting.err()).isZero();
    }
  }

  private String jvmProcess(Path data) {
    return String.join(
        " ",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dlogback.configurationFile=logback.xml",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.custody.cli.Main",
        "credential",
        "aws",
        "--data",
        data.toString());
  }

  private static String shellProcess() {
    return Path.of("../samples/hooks/credential-aws.sh").toAbsolutePath().normalize().toString();
  }

  private void refusedWithoutADelegation(StsStandIn sts, String http) throws Exception {
    Run run = aws(sts, shellProcess(), http);
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("custody: no delegation of ").contains("in force");
    assertThat(sts.assumed()).isEmpty();
  }

  private void identified(StsStandIn sts, String process, String http) throws Exception {
    Run run = aws(sts, process, http);
    assertThat(run.code()).as(run.err()).isZero();
    AssumedRole assumed = sts.assumed().getLast();
    JsonNode identity = JSON.readTree(run.out());
    assertThat(identity.path("Arn").asText())
        .isEqualTo("arn:aws:sts::123456789012:assumed-role/custody-agents/" + SESSION)
        .isEqualTo(assumed.key().principalArn());
    assertThat(sts.trail().getLast().at("/userIdentity/sessionContext/sourceIdentity").asText())
        .startsWith("dlg-");
  }

  private record Run(int code, String out, String err) {}

  private Run aws(StsStandIn sts, String process, String http) throws Exception {
    Path configuration = directory.resolve("aws.config");
    Files.writeString(
        configuration,
        "[default]\nregion = eu-north-1\ncredential_process = %s\n".formatted(process));
    List<String> command =
        new ArrayList<>(List.of(AWS.toString(), "--endpoint-url", sts.address()));
    command.addAll(List.of("--output", "json", "sts", "get-caller-identity"));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path out = directory.resolve("aws.out");
    Path err = directory.resolve("aws.err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_CONFIG_FILE", configuration.toString());
    builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().put("CUSTODY_SESSION", SESSION);
    builder.environment().put("CUSTODY_COLLECTOR", http);
    Process running = builder.start();
    assertThat(running.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Run(
        running.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static void recorded(Asking custody, StsStandIn sts) throws Exception {
    List<String> keys = sts.assumed().stream().map(a -> a.key().accessKeyId()).toList();
    List<JsonNode> issued = custody.json("search", "--kind", "CredentialIssued");
    assertThat(issued.stream().map(e -> e.path("credential").asText()))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(issued)
        .allSatisfy(e -> {
          assertThat(e.path("session").asText()).isEqualTo(SESSION);
          assertThat(e.path("agent").asText()).isEqualTo("claude-code");
        });
    assertThat(
            custody.json("search", "--kind", "PolicyDecision").stream()
                .map(e -> e.path("outcome").asText()))
        .containsExactlyInAnyOrder("DENIED", "SUCCESS", "SUCCESS");
    JsonNode shown = custody.one("credential", "show", keys.getFirst());
    assertThat(shown.path("issuer").asText()).isEqualTo("aws sts");
    assertThat(shown.path("authority").asText()).isEqualTo(ROLE);
    assertThat(shown.path("issuedTo").asText()).isEqualTo(SESSION);
    assertThat(shown.path("delegation").asText()).startsWith("dlg-");
    assertThat(shown.path("state").asText()).isEqualTo("OUTLIVED_SESSION");
    assertThat(custody.json("credential", "show", SESSION)).hasSize(2);
    assertThat(custody.text("credential", "show", SESSION))
        .contains("issued       by aws sts at ")
        .contains("though its session has ended");
    assertThat(custody.json("credential", "list").stream().map(c -> c.path("credential").asText()))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(custody.json("credential", "list", "--static")).isEmpty();
    CommandRun.Result without = custody.run("credential", "aws", "--session", "x");
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.out()).isEmpty();
  }
}
