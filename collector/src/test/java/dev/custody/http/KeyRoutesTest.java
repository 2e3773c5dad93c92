package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.VerifiedEvent;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorKey;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.event.Body;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.trust.Revocation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotation and revocation at a running collector. */
class KeyRoutesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;
  private CollectorKey.Source keys;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    keys = organisation::key;
    collector =
        Collector.start(
            CollectorConfig.of(
                directory.resolve("data"),
                outlet,
                0,
                organisation.routes(),
                organisation.observer(),
                () -> keys.current(),
                organisation.roots()));
  }

  @AfterEach
  void stop() {
    collector.close();
    client.close();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + collector.httpPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> reload() throws Exception {
    return post("/keys/reload", "");
  }

  private List<VerifiedEvent> published() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log());
  }

  @Test
  void aNewKeySealsFromItsRotationOnWhileEventsKeepComing() throws Exception {
    List<KeyId> inForce = new ArrayList<>(List.of(organisation.signer().keyId()));
    int events = 0;
    for (int rotation = 1; rotation <= 3; rotation++) {
      try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
        List<Future<?>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          String session = rotation + "-" + i;
          events++;
          sent.add(
              pool.submit(
                  () -> collector.recorder().record(List.of(Organisation.prompt(session, null)))));
        }
        organisation.rotate();
        HttpResponse<String> answer = reload();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
            .isEqualTo(
                "{\"key\":\"%s\",\"rotated\":true}\n".formatted(organisation.signer().keyId()));
        for (Future<?> one : sent) {
          one.get();
        }
      }
      inForce.add(organisation.signer().keyId());
    }
    List<VerifiedEvent> log = published();
    assertThat(log).hasSize(1 + events + 3);
    List<KeyId> seen = new ArrayList<>();
    for (VerifiedEvent event : log) {
      if (seen.isEmpty() || !seen.getLast().equals(event.envelope().key())) {
        seen.add(event.envelope().key());
      }
    }
    assertThat(seen.subList(0, 3)).isEqualTo(inForce.subList(0, 3));
  }

  @Test
  void aReloadWithoutANewKeyChangesNothing() throws Exception {
    assertThat(reload().body())
        .isEqualTo("{\"key\":\"%s\",\"rotated\":false}\n".formatted(organisation.signer().keyId()));
    assertThat(published()).hasSize(1);
  }

  @Test
  void aKeyOfAnotherCollectorOrAnUnknownRootIsRefusedAndTheOldOneSealsOn() throws Exception {
    CollectorKey before = organisation.key();
    Signer fresh = otherKeys().signer("fresh");
    keys =
        () -> new CollectorKey(fresh, certified("spiffe://acme.example/collector/desktop", fresh));
    assertThat(reload().statusCode()).isEqualTo(403);
    assertThat(reload().body())
        .contains(
            "expected one of spiffe://acme.example/collector/laptop, found one of spiffe://acme.example/collector/desktop");
    CertificateAuthority stranger = new CertificateAuthority(otherKeys().signer("root"));
    keys =
        () ->
            new CollectorKey(
                fresh,
                stranger.certifyCollector(
                    "spiffe://acme.example/collector/laptop",
                    fresh.publicKey(),
                    Instant.now(),
                    DAY));
    assertThat(reload().body()).contains("the collector's certificate: signed by root");
    keys = () -> before;
    assertThat(reload().body()).contains("\"rotated\":false");
    assertThat(published()).hasSize(1);
  }

  @Test
  void anEarlierKeyOfTheChainIsRefused() throws Exception {
    CollectorKey first = organisation.key();
    organisation.rotate();
    assertThat(reload().statusCode()).isEqualTo(200);
    keys = () -> first;
    assertThat(reload().statusCode()).isEqualTo(503);
    assertThat(reload().body()).contains("sealed this chain before");
  }

  @Test
  void aBodyIsRefused() throws Exception {
    assertThat(post("/keys/reload", "{}").statusCode()).isEqualTo(400);
  }

  private KeyDirectory otherKeys() throws Exception {
    return KeyDirectory.open(directory.resolve("other"), directory.resolve("other.key"));
  }

  private dev.custody.digest.Bytes certified(String subject, Signer key) {
    return organisation.root().certifyCollector(subject, key.publicKey(), Instant.now(), DAY);
  }

  private Revocation revocation(Signer root) {
    return Revocation.sign(
        root,
        organisation.signer().keyId(),
        dev.custody.digest.ChainId.ofHex("00".repeat(16)),
        7,
        Digest.ZERO,
        "stolen");
  }

  @Test
  void aRevocationOfTheRootIsRecordedOnce() throws Exception {
    Revocation revocation =
        revocation(
            KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"))
                .signer("root"));
    assertThat(post("/revocations", revocation.fileText()).body())
        .isEqualTo("{\"recorded\":1,\"repeated\":0}\n");
    assertThat(post("/revocations", revocation.fileText().strip()).body())
        .isEqualTo("{\"recorded\":0,\"repeated\":1}\n");
    VerifiedEvent recorded = published().getLast();
    assertThat(recorded.event().body()).isEqualTo(revocation.body());
    assertThat(Revocation.verify((Body.KeyRevoked) recorded.event().body(), organisation.roots()))
        .isEqualTo(revocation);
  }

  @Test
  void aRevocationOfAnybodyElseIsRefused() throws Exception {
    HttpResponse<String> answer =
        post("/revocations", revocation(otherKeys().signer("root")).fileText());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("signed by root");
    assertThat(post("/revocations", "").statusCode()).isEqualTo(403);
    assertThat(post("/revocations", "x".repeat(5000)).statusCode()).isEqualTo(413);
    assertThat(published()).hasSize(1);
  }
}
