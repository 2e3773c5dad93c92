package dev.custody.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.http.Routes;
import dev.custody.identity.Scope;
import dev.custody.source.agent.Oversight;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.sts.AssumedRole;
import dev.custody.sts.IssuedKey;
import dev.custody.sts.StsStandIn;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The broker of a running collector, over HTTP, against an STS that checks what it is sent. */
class CredentialBrokerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ROLE = "arn:aws:iam::123456789012:role/custody-agents";
  private static final String USER = "arn:aws:iam::123456789012:user/collector";
  private static final String SESSION = "de69fa27-1111-4222-8333-123456789abc";
  private static final long SEED = 20261129;

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();

  /** What is granted to whom; what signs and remembers it is not the broker's. */
  private final Map<String, GrantedDelegation> granted = new HashMap<>();

  private final AtomicReference<@Nullable CredentialBroker> broker = new AtomicReference<>();
  private Organisation organisation;
  private StsStandIn sts;
  private IssuedKey own;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    sts = StsStandIn.start(Clock.systemUTC(), SEED);
    own = sts.user(USER);
    grant(scope(List.of("s3:Get*", "tool:*"), List.of("arn:aws:s3:::acme-*")), 8 * 60);
    startCollector();
  }

  private void startCollector() throws Exception {
    Observer observer = organisation.observer();
    collector =
        Collector.start(
            CollectorConfig.of(
                directory.resolve("data"),
                outlet,
                0,
                notes -> routes(notes, observer),
                observer,
                organisation::key,
                organisation.roots()));
    BrokerConfig config = config("\"roleArn\": \"" + ROLE + "\", \"maxMinutes\": 90");
    broker.set(
        new CredentialBroker(
            config,
            observer,
            this::delegation,
            collector.recorder(),
            KnownSessions.open(collector.notes()),
            () -> AwsSts.of(config, StaticCredentialsProvider.create(credentials(own)))));
  }

  private Routes routes(SourceNotes notes, Observer observer) throws CaptureException {
    DelegationBook book = DelegationBook.open(notes, organisation.roots(), observer.clock());
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    ClaudeCodeHooks hooks =
        new ClaudeCodeHooks(
            observer,
            new Oversight(
                new Bindings(book),
                new SubAgentHops(book, null, organisation.roots(), observer),
                new DecisionPoint(book, Policy.OBSERVE),
                tags));
    return new Routes(
        book,
        new SessionEnvironment(tags, observer),
        Map.of(Routes.CLAUDE_CODE, hooks::receive),
        List.of(),
        events -> broker().recorded(events),
        body -> broker().credential(body));
  }

  private CredentialBroker broker() {
    CredentialBroker started = broker.get();
    assertThat(started).isNotNull();
    return java.util.Objects.requireNonNull(started);
  }

  private static AwsCredentials credentials(IssuedKey key) {
    return key.sessionToken() == null
        ? AwsBasicCredentials.create(key.accessKeyId(), key.secret())
        : AwsSessionCredentials.create(key.accessKeyId(), key.secret(), key.sessionToken());
  }

  private BrokerConfig config(String members) throws Exception {
    String json =
        "{\"region\": \"eu-north-1\", \"stsEndpoint\": \"%s\", %s}"
            .formatted(sts.address(), members);
    return BrokerConfig.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Scope scope(List<String> actions, List<String> resources) {
    return new Scope(List.of(new Scope.Grant(actions, resources)));
  }

  private void grant(Scope scope, long minutes) {
    granted.put(
        SESSION,
        new GrantedDelegation(
            "dlg-0123456789ab",
            Organisation.HUMAN,
            scope,
            Instant.now().plus(Duration.ofMinutes(minutes)),
            false));
  }

  private GrantedDelegation delegation(
      KnownSession session, @Nullable String cwd, @Nullable String presented, Instant now)
      throws RefusedException {
    GrantedDelegation delegation = granted.get(session.id());
    if (delegation == null) {
      throw new RefusedException(DelegationVerdict.NONE, "no delegation of that session");
    }
    if (presented != null && !presented.equals(delegation.id())) {
      throw new RefusedException(DelegationVerdict.UNKNOWN, "no delegation " + presented);
    }
    return new GrantedDelegation(
        delegation.id(),
        human(session),
        delegation.scope(),
        delegation.expiresAt(),
        presented != null);
  }

  // By whoever the session works for.
  private static String human(KnownSession session) {
    return java.util.Objects.requireNonNull(session.actor().human()).id();
  }

  @AfterEach
  void stop() {
    collector.close();
    sts.close();
    client.close();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + collector.httpPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private void hook(String session, String name) throws Exception {
    String body =
        "{\"session_id\": \"%s\", \"hook_event_name\": \"%s\", \"cwd\": \"%s\"}"
            .formatted(session, name, directory);
    assertThat(post(Routes.CLAUDE_CODE, body).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> ask(String session) throws Exception {
    return post(Routes.CREDENTIALS_AWS, "{\"session\": \"" + session + "\"}");
  }

  private List<Event> events() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log()).stream().map(v -> v.event()).toList();
  }

  private <T extends Body> List<T> bodies(Class<T> kind) throws Exception {
    return events().stream().map(Event::body).filter(kind::isInstance).map(kind::cast).toList();
  }

  private String refusal(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body()).path("error").asText();
  }

  @Test
  void aSessionGetsWhatItsDelegationAllowsAndTheIssuersRecordNamesIt() throws Exception {
    hook(SESSION, "SessionStart");
    HttpResponse<String> response = ask(SESSION);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode credential = JSON.readTree(response.body());
    assertThat(credential.path("Version").intValue()).isEqualTo(1);

    AssumedRole assumed = sts.assumed().getFirst();
    assertThat(assumed.key().accessKeyId()).isEqualTo(credential.path("AccessKeyId").asText());
    assertThat(assumed.key().secret()).isEqualTo(credential.path("SecretAccessKey").asText());
    assertThat(assumed.key().sessionToken()).isEqualTo(credential.path("SessionToken").asText());
    assertThat(Instant.parse(credential.path("Expiration").asText()))
        .isEqualTo(assumed.key().expiresAt());
    assertThat(assumed.key().sourceIdentity()).isEqualTo("dlg-0123456789ab");
    assertThat(assumed.sessionName()).isEqualTo(SESSION);
    assertThat(assumed.seconds()).isEqualTo(90 * 60);
    assertThat(assumed.policy())
        .isEqualTo(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":["arn:aws:s3:::acme-*"]}]}\
            """);
    assertThat(assumed.tags())
        .containsEntry("custody:session", SESSION)
        .containsEntry("custody:delegation", "dlg-0123456789ab")
        .containsKey("custody:agent");
  }

  @Test
  void requestDecisionAndIssuanceAreEventsAndNoSecretIsInAnyFile() throws Exception {
    hook(SESSION, "SessionStart");
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    IssuedKey key = sts.assumed().getFirst().key();
    List<Event> events = events();
    assertThat(events.stream().map(e -> e.body().name()))
        .containsSubsequence(
            "SessionStarted", "CredentialRequested", "PolicyDecision", "CredentialIssued");
    Event issued =
        events.stream().filter(e -> e.body() instanceof Body.CredentialIssued).findFirst().get();
    Body.CredentialIssued body = (Body.CredentialIssued) issued.body();
    assertThat(body.credential().value()).isEqualTo(key.accessKeyId());
    assertThat(body.parent())
        .isEqualTo(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, own.accessKeyId()));
    assertThat(body.issuedTo()).isEqualTo(SESSION);
    assertThat(body.authority()).isEqualTo(ROLE);
    assertThat(body.expiresAt()).isEqualTo(key.expiresAt());
    assertThat(issued.session()).isEqualTo(SESSION);
    assertThat(issued.delegation()).isEqualTo("dlg-0123456789ab");
    assertThat(issued.actor().agent()).isNotNull();
    assertThat(issued.actor().human()).isNotNull();
    assertThat(issued.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, key.accessKeyId()),
            new Identifier(IdentifierKind.AWS_ROLE_SESSION, "custody-agents/" + SESSION),
            new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dlg-0123456789ab"));
    collector.close();
    assertThat(filesThatHold(key.accessKeyId())).isNotEmpty();
    for (String secret : sts.secrets()) {
      assertThat(filesThatHold(secret)).isEmpty();
    }
  }

  private List<Path> filesThatHold(String text) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, text)).toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anUnknownSessionIsRefusedAndTheRefusalIsAnEvent() throws Exception {
    assertThat(refusal(ask("never-seen"), 403)).contains("no hook of that session was seen");
    List<Body.PolicyDecision> decisions = bodies(Body.PolicyDecision.class);
    assertThat(decisions).hasSize(1);
    assertThat(decisions.getFirst().answer()).isEqualTo("deny");
    assertThat(decisions.getFirst())
        .as("no delegation was looked at")
        .extracting(Body.PolicyDecision::verdict, Body.PolicyDecision::decidedBy)
        .containsExactly("NOT_APPLICABLE", "configuration");
    assertThat(decisions.getFirst().tool()).isEqualTo("credential:aws");
    assertThat(sts.assumed()).isEmpty();
  }

  @Test
  void withoutADelegationOrWithAnotherOneNothingIsHandedOut() throws Exception {
    hook(SESSION, "SessionStart");
    String body = "{\"session\": \"%s\", \"delegation\": \"dlg-of-somebody\"}".formatted(SESSION);
    assertThat(refusal(post(Routes.CREDENTIALS_AWS, body), 403)).contains("no delegation");
    granted.clear();
    assertThat(refusal(ask(SESSION), 403)).contains("no delegation");
    assertThat(sts.assumed()).isEmpty();
    assertThat(bodies(Body.PolicyDecision.class))
        .extracting(
            Body.PolicyDecision::answer, Body.PolicyDecision::verdict, Body.PolicyDecision::rule)
        .containsExactly(
            tuple("deny", "UNKNOWN", "delegation-unknown"), tuple("deny", "NONE", "no-delegation"));
  }

  @Test
  void aDelegationThatEndsTooSoonOrAllowsNothingThereIsRefusedInWords() throws Exception {
    hook(SESSION, "SessionStart");
    grant(scope(List.of("s3:Get*"), List.of("*")), 14);
    assertThat(refusal(ask(SESSION), 403)).contains("no credential for less than 15 minutes");
    grant(scope(List.of("tool:Bash"), List.of("*")), 60);
    assertThat(refusal(ask(SESSION), 403)).contains("allows nothing in a cloud");
    grant(scope(List.of("*:Get*"), List.of("*")), 60);
    assertThat(refusal(ask(SESSION), 403)).contains("IAM cannot express, '*:Get*'");
    String bucket = "arn:aws:s3:::" + "b".repeat(700);
    grant(scope(List.of("s3:*"), List.of(bucket + 1, bucket + 2, bucket + 3)), 60);
    assertThat(refusal(ask(SESSION), 403)).contains("at most 2048 characters, found 2");
    assertThat(bodies(Body.PolicyDecision.class))
        .hasSize(4)
        .allSatisfy(d ->
            assertThat(d)
                .as("what AWS has to give is more than the delegation allows")
                .extracting(
                    Body.PolicyDecision::verdict,
                    Body.PolicyDecision::rule,
                    Body.PolicyDecision::decidedBy)
                .containsExactly("OUTSIDE", "delegation-scope", "delegation"));
  }

  @Test
  void whoSignedADelegationIsToldOfWhereTheSessionPresentedItAndNotWhereItWasFound()
      throws Exception {
    hook(SESSION, "SessionStart");
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    String body = "{\"session\": \"%s\", \"delegation\": \"dlg-0123456789ab\"}".formatted(SESSION);
    assertThat(post(Routes.CREDENTIALS_AWS, body).statusCode()).isEqualTo(200);
    assertThat(
            events().stream()
                .filter(e -> e.body() instanceof Body.CredentialIssued)
                .map(e -> java.util.Objects.requireNonNull(e.actor().human()).basis()))
        .containsExactly(HumanBasis.OS_USER, HumanBasis.SIGNED_DELEGATION);
  }

  @Test
  void theShortestOfDelegationConfigurationAndRoleChainingCounts() throws Exception {
    hook(SESSION, "SessionStart");
    grant(scope(List.of("*"), List.of("*")), 20);
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    assertThat(sts.assumed().getLast().seconds()).isBetween(19 * 60, 20 * 60);
    grant(scope(List.of("*"), List.of("*")), 600);
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    assertThat(sts.assumed().getLast().seconds()).isEqualTo(90 * 60);
    collector.close();
    own =
        sts.instanceProfile(
            "arn:aws:sts::123456789012:assumed-role/collector/i-0123456789",
            Instant.now().plusSeconds(7200));
    startCollector();
    hook(SESSION, "UserPromptSubmit");
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    assertThat(sts.assumed().getLast().seconds()).isEqualTo(3600);
  }

  @Test
  void theEndOfTheSessionIsRecordedForEachCredentialThatAwsCannotEnd() throws Exception {
    hook(SESSION, "SessionStart");
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
    collector.close();
    startCollector();
    hook(SESSION, "SessionEnd");
    List<Body.CredentialRevoked> revoked = bodies(Body.CredentialRevoked.class);
    assertThat(revoked)
        .extracting(r -> r.credential().value())
        .containsExactlyElementsOf(sts.assumed().stream().map(a -> a.key().accessKeyId()).toList());
    assertThat(revoked)
        .allSatisfy(r -> {
          assertThat(r.effectiveAt()).isNull();
          assertThat(r.expiresAt()).isNotNull();
        });
    assertThat(refusal(ask(SESSION), 403)).contains("has ended");
    hook(SESSION, "SessionEnd");
    assertThat(bodies(Body.CredentialRevoked.class)).hasSize(2);
    hook(SESSION, "SessionStart");
    assertThat(ask(SESSION).statusCode()).isEqualTo(200);
  }

  @Test
  void whatStsRefusesIsToldWithoutWhatItQuotes() throws Exception {
    hook(SESSION, "SessionStart");
    collector.close();
    own =
        new IssuedKey(
            own.accessKeyId(), "not the secret of that key at all", null, USER, null, null, null);
    startCollector();
    hook(SESSION, "SessionStart");
    assertThat(refusal(ask(SESSION), 502)).isEqualTo("AWS STS refused with SignatureDoesNotMatch");
    assertThat(events().stream().map(Event::body))
        .contains(new Body.Observed("CredentialNotIssued"));
    assertThat(bodies(Body.CredentialIssued.class)).isEmpty();
  }

  @Test
  void aBodyOfAnotherFormIsRefused() throws Exception {
    assertThat(refusal(post(Routes.CREDENTIALS_AWS, "{}"), 400)).contains("session");
    assertThat(refusal(post(Routes.CREDENTIALS_AWS, "{\"session\": \"s\", \"x\": 1}"), 400))
        .contains("another member");
    assertThat(refusal(post(Routes.CREDENTIALS_AWS, "{\"session\": 7}"), 400))
        .contains("expected a text, found number");
    assertThat(refusal(post(Routes.CREDENTIALS_AWS, "[]"), 400)).contains("found array");
    assertThat(events().stream().map(e -> e.body().name())).doesNotContain("CredentialRequested");
  }

  @Test
  void aCollectorWithoutABrokerSaysWhereToRead() throws Exception {
    collector.close();
    collector =
        Collector.start(
            CollectorConfig.of(
                directory.resolve("data"),
                outlet,
                0,
                organisation.routes(Map.of(), List.of(), events -> {}),
                organisation.observer(),
                organisation::key,
                organisation.roots()));
    assertThat(refusal(ask(SESSION), 404))
        .isEqualTo("no broker is configured; try: docs/credentials.md");
  }
}
