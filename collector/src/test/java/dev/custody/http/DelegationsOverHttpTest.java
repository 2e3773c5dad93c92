package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.delegation.HopSigner;
import dev.custody.event.Body;
import dev.custody.event.Body.Hop;
import dev.custody.event.Event;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.source.delegation.DelegationRequest;
import dev.custody.spool.SpoolLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running collector says to delegations that are handed in. */
class DelegationsOverHttpTest {
  private static final SpiffeId AGENT =
      SpiffeId.parse("spiffe://acme.example/agent/claude-code/shop");
  private static final SpiffeId SUB_AGENT = SpiffeId.parse(AGENT + "/a1b2c3");
  private static final Scope READ = scope("s3:Get*");

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Organisation acme;
  private Hop grant;
  private @Nullable Collector running;

  @BeforeEach
  void start() throws Exception {
    acme = Organisation.in(directory.resolve("acme"));
    // ES256 signatures are not deterministic: one token must serve as the parent of all.
    grant = signed(grant("dlg-parent01", 1));
    running =
        Collector.start(
            new CollectorConfig(
                directory.resolve("data"),
                outlet,
                HttpConfig.loopback(0),
                acme.routes(),
                acme.observer(),
                acme::key,
                acme.roots(),
                SpoolLimits.DEFAULT,
                Duration.ofHours(1),
                "custody-test 1"));
  }

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
    client.close();
  }

  private static Scope scope(String action) {
    return new Scope(List.of(new Scope.Grant(List.of(action), List.of("*"))));
  }

  private Delegation grant(String id, int maxDepth) {
    return new Delegation(
        id, Organisation.HUMAN, AGENT, READ, now, now, now.plusSeconds(3600), "", maxDepth);
  }

  private Delegation hop(String id, Hop parent, Scope scope, int maxDepth) {
    return new Delegation(
        id,
        "spiffe://acme.example/collector/laptop",
        Organisation.HUMAN,
        List.of(SUB_AGENT, AGENT),
        scope,
        now,
        now,
        now.plusSeconds(3600),
        "",
        maxDepth,
        null,
        Delegation.commitment(parent.token()));
  }

  private Hop signed(Delegation own) throws Exception {
    return new Hop(acme.humanKey().sign(own), acme.humanCertificate());
  }

  private Hop handedOn(Delegation hop) throws Exception {
    HopSigner signer = acme.hopSigner();
    return new Hop(signer.key().sign(hop), signer.certificate());
  }

  private HttpResponse<String> post(String body) throws Exception {
    int port = Objects.requireNonNull(running).httpPort();
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + Routes.DELEGATIONS))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(Hop signed, Hop... parents) throws Exception {
    return post(new DelegationRequest(signed, List.of(parents)).toJson());
  }

  private static void assertTaken(HttpResponse<String> answer) {
    assertThat(answer.body()).contains("\"recorded\":1");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static void assertRefused(HttpResponse<String> answer, String defect) {
    assertThat(answer.body()).contains(defect);
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  private List<Event> recorded() throws Exception {
    assertThat(Objects.requireNonNull(running).awaitPublished(Duration.ofSeconds(20))).isTrue();
    List<Event> events = new ArrayList<>();
    acme.verify(outlet.log()).forEach(v -> events.add(v.event()));
    events.removeIf(e ->
        !(e.body() instanceof Body.DelegationGranted)
            && !(e.body() instanceof Body.DelegationRevoked));
    return events;
  }

  @Test
  void aHopIsRecordedWithItsParents() throws Exception {
    Hop hop = handedOn(hop("dlg-hop00001", grant, READ, 0));
    assertTaken(post(grant));
    assertTaken(post(hop, grant));
    assertThat(recorded().getLast().body())
        .isEqualTo(
            new Body.DelegationGranted(
                "dlg-hop00001", hop.token(), hop.certificate(), List.of(grant)));
    assertThat(post(hop, grant).body()).contains("\"recorded\":0,\"repeated\":1");
    assertThat(recorded()).hasSize(2);
  }

  @Test
  void aHopThatIsNoPartOfItsParentIsRefusedByItsDefectAndNotRecorded() throws Exception {
    Hop other = signed(grant("dlg-parent02", 1));
    Hop shallow = signed(grant("dlg-parent03", 0));
    assertRefused(post(handedOn(hop("dlg-hop00001", grant, READ, 0)), other), "SPLICED");
    assertRefused(post(handedOn(hop("dlg-hop00001", grant, scope("s3:*"), 0)), grant), "WIDENED");
    assertRefused(post(handedOn(hop("dlg-hop00001", grant, READ, 1)), grant), "TOO_DEEP");
    assertRefused(post(handedOn(hop("dlg-hop00001", shallow, READ, 0)), shallow), "TOO_DEEP");
    assertRefused(post(handedOn(hop("dlg-hop00001", grant, READ, 0))), "WRONG_SIGNER");
    assertThat(recorded()).isEmpty();
  }

  @Test
  void aTokenThatIsForgedIsRefusedByItsDefectAndNotRecorded() throws Exception {
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    String[] parts = grant.token().split("\\.", -1);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"alg\":\"none\",\"typ\":\"custody-delegation+jwt\"}"
                    .getBytes(StandardCharsets.UTF_8));
    assertRefused(
        post(new Hop(none + "." + parts[1] + ".", grant.certificate())), "UNSUPPORTED_ALGORITHM");
    assertRefused(post(new Hop(grant.token(), stranger.humanCertificate())), "UNKNOWN_SIGNER");
    assertRefused(
        post(new Hop(stranger.humanKey().sign(grant("dlg-parent01", 1)), acme.humanCertificate())),
        "BAD_SIGNATURE");
    assertRefused(post(new Hop("a".repeat((64 << 10) + 1), grant.certificate())), "TOO_LONG");
    assertThat(recorded()).isEmpty();
  }

  @Test
  void anIdMeansOneThingForGood() throws Exception {
    assertTaken(post(grant));
    assertRefused(post(signed(grant("dlg-parent01", 8))), "CONTRADICTION");
    Hop hop = handedOn(hop("dlg-parent01", grant, READ, 0));
    assertRefused(post(hop, grant), "CONTRADICTION");
    assertThat(recorded()).hasSize(1);
  }

  @Test
  void aRevocationIsTakenFromItsGrantorsKeyOnly() throws Exception {
    assertTaken(post(grant));
    Delegation.Revocation revocation =
        new Delegation.Revocation("rev-00000001", Organisation.HUMAN, "dlg-parent01", now, "done");
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    assertRefused(
        post(new Hop(stranger.humanKey().sign(revocation), stranger.humanCertificate())),
        "UNKNOWN_SIGNER");
    Delegation.Revocation boss =
        new Delegation.Revocation("rev-00000001", "boss@acme.example", "dlg-parent01", now, "");
    assertRefused(
        post(new Hop(acme.humanKey().sign(boss), acme.humanCertificate())), "WRONG_SIGNER");
    assertThat(recorded()).hasSize(1);
    Hop revoked = new Hop(acme.humanKey().sign(revocation), acme.humanCertificate());
    assertTaken(post(revoked));
    assertThat(recorded().getLast().body())
        .isEqualTo(
            new Body.DelegationRevoked("dlg-parent01", revoked.token(), revoked.certificate()));
    Delegation.Revocation another =
        new Delegation.Revocation("rev-00000001", Organisation.HUMAN, "dlg-other001", now, "");
    assertRefused(
        post(new Hop(acme.humanKey().sign(another), acme.humanCertificate())), "CONTRADICTION");
  }

  @Test
  void whatHasNotTheFormOfARequestIsABadRequest() throws Exception {
    Hop hop = handedOn(hop("dlg-hop00001", grant, READ, 0));
    String good = new DelegationRequest(hop, List.of(grant)).toJson();
    for (String body :
        List.of(
            "",
            "{}",
            good + good,
            good.replace("\"parents\"", "\"above\""),
            good.replaceFirst("\"parents\":\\[.*", "\"parents\":7}"))) {
      assertThat(post(body).statusCode()).as(body).isEqualTo(400);
    }
    Hop revocation =
        new Hop(
            acme.humanKey()
                .sign(
                    new Delegation.Revocation(
                        "rev-00000001", Organisation.HUMAN, "dlg-parent01", now, "")),
            acme.humanCertificate());
    HttpResponse<String> answer = post(revocation, grant);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("expected no parents beside a revocation");
  }
}
