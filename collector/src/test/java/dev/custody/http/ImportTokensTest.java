package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorException;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import dev.custody.spool.SpoolLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a provider recorded can be proof. Who may post hooks is an agent, and may not hand that in.
 */
class ImportTokensTest {
  private static final String CALL =
      """
      {"eventID":"11111111-2222-3333-4444-555555555555","eventTime":"2026-11-22T05:46:24Z",\
      "eventName":"ListBuckets","eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1"}
      """;

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private final HttpClient client = HttpClient.newHttpClient();
  private Organisation organisation;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    collector = start(HttpConfig.loopback(0));
  }

  @AfterEach
  void stop() {
    collector.close();
    client.close();
  }

  private Collector start(HttpConfig http) throws Exception {
    return Collector.start(
        new CollectorConfig(
            directory.resolve("data"),
            outlet,
            http,
            organisation.routes(
                Map.of(),
                List.of(
                    new CloudTrailSource(organisation.observer()),
                    new GcpSource(organisation.observer()),
                    new GitHubSource(organisation.observer()),
                    new KubernetesSource(organisation.observer())),
                events -> {}),
            organisation.observer(),
            organisation::key,
            organisation.roots(),
            SpoolLimits.DEFAULT,
            Duration.ofHours(1),
            "custody-test 1"));
  }

  private void restart(HttpConfig http) throws Exception {
    collector.close();
    collector = start(http);
  }

  private Path file() {
    return directory.resolve("data").resolve(TokenFile.IMPORT_NAME);
  }

  private HttpResponse<String> post(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.httpPort() + path))
            .POST(HttpRequest.BodyPublishers.ofString(CALL));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> withToken(String path, String token) throws Exception {
    return post(path, "Authorization", "Bearer " + token);
  }

  private long recorded() throws Exception {
    assertThat(collector.awaitPublished(Duration.ofSeconds(20))).isTrue();
    return organisation.verify(outlet.log()).stream()
        .filter(v -> v.event().body() instanceof Body.CloudCall)
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/import/cloudtrail", "/import/gcp", "/import/github", "/import/kubernetes"})
  void onLoopbackTooNobodyImportsWithoutAToken(String path) throws Exception {
    HttpResponse<String> answer = post(path);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"custody\"");
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":\"imports need a token of their own: expected Authorization: Bearer TOKEN with the one in the"
                + " collector's import.token, found no Authorization; try: custody import with --import-token-file\"}\n");
    assertThat(recorded()).isZero();
  }

  @Test
  void theTokenThatHooksCarryDoesNotImport() throws Exception {
    Path hooks = directory.resolve("http.token");
    restart(new HttpConfig("0.0.0.0", 0, Set.of(), Duration.ofSeconds(5), Tokens.open(hooks)));
    HttpResponse<String> answer = withToken("/import/cloudtrail", TokenFile.read(hooks).getFirst());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("found another token");
    assertThat(recorded()).isZero();
    assertThat(withToken("/import/cloudtrail", TokenFile.importToken(file())).statusCode())
        .isEqualTo(200);
    assertThat(recorded()).isEqualTo(1);
  }

  @Test
  void theTokenForImportsIsNoneForAnythingElse() throws Exception {
    Path hooks = directory.resolve("http.token");
    restart(new HttpConfig("0.0.0.0", 0, Set.of(), Duration.ofSeconds(5), Tokens.open(hooks)));
    assertThat(withToken(Routes.DELEGATIONS, TokenFile.importToken(file())).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aWrongTokenIsRefused() throws Exception {
    assertThat(withToken("/import/cloudtrail", "w".repeat(43)).statusCode()).isEqualTo(401);
    assertThat(
            post(
                    "/import/cloudtrail",
                    "Authorization",
                    "Bearer " + TokenFile.importToken(file()),
                    "Authorization",
                    "Bearer " + "w".repeat(43))
                .statusCode())
        .as("the right one and another")
        .isEqualTo(401);
    assertThat(recorded()).isZero();
  }

  @Test
  void theTokenIsItsOwnersAloneAndTheSameAfterARestart() throws Exception {
    String token = TokenFile.importToken(file());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(withToken("/import/cloudtrail", token).statusCode()).isEqualTo(200);
    restart(HttpConfig.loopback(0));
    assertThat(TokenFile.importToken(file())).isEqualTo(token);
    assertThat(withToken("/import/cloudtrail", token).body())
        .isEqualTo("{\"recorded\":0,\"repeated\":1,\"refused\":[]}\n");
    assertThat(recorded()).isEqualTo(1);
  }

  @Test
  void aFileThatIsNamedCountsInPlaceOfTheDataDirectorys() throws Exception {
    String before = TokenFile.importToken(file());
    Path named = directory.resolve("elsewhere/import.token");
    restart(HttpConfig.loopback(0).orImportTokens(named));
    assertThat(withToken("/import/cloudtrail", before).statusCode()).isEqualTo(401);
    assertThat(withToken("/import/cloudtrail", TokenFile.importToken(named)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aFileThatOthersMayReadKeepsTheCollectorFromStarting() throws Exception {
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    collector.close();
    assertThatThrownBy(() -> start(HttpConfig.loopback(0)))
        .isInstanceOf(CollectorException.class)
        .hasMessageContaining("expected rw-------; try: chmod 600 " + file());
  }
}
