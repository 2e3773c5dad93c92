package dev.custody.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.admission.VerifiedEvent;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.http.HttpConfig;
import dev.custody.spool.SpoolLimits;
import dev.custody.spool.Spooled;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector's clock that steps, forwards and back, while it records. */
class ClockTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final Duration VALIDITY = Duration.ofDays(30);

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private final Steps clock = new Steps();
  private Organisation organisation;
  private CollectorKey key;
  private Observer observer;

  private static final class Steps implements InstantSource {
    private volatile Instant now = NOON;

    void to(Instant time) {
      now = time;
    }

    void by(Duration step) {
      now = now.plus(step);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void certify() throws Exception {
    organisation = Organisation.in(directory);
    key = certified();
    Observer known = organisation.observer();
    observer =
        new Observer(
            known.host(), known.osUser(), known.trustDomain(), known.fingerprints(), clock);
  }

  private CollectorKey certified() {
    Bytes certificate =
        organisation
            .root()
            .certifyCollector(
                "spiffe://acme.example/collector/laptop",
                organisation.signer().publicKey(),
                clock.instant(),
                VALIDITY);
    return new CollectorKey(organisation.signer(), certificate);
  }

  private Collector start(Duration heartbeat) throws CollectorException {
    return Collector.start(
        new CollectorConfig(
            directory.resolve("data"),
            outlet,
            HttpConfig.loopback(0),
            organisation.routes(
                Map.of(
                    "/hooks/test",
                    (body, _) ->
                        dev.custody.capture.HookReply.proceed(
                            List.of(prompt(new Bytes(body).utf8())))),
                List.of(),
                events -> {}),
            observer,
            () -> key,
            organisation.roots(),
            SpoolLimits.DEFAULT,
            heartbeat,
            "custody-test 1"));
  }

  private Event prompt(String id) {
    return new EventBuilder(
            new Source("claude-code", "UserPromptSubmit", id, null),
            observer.host(),
            clock.instant(),
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN))
        .within("s", id, null)
        .build();
  }

  private static int post(Collector collector, String id) throws IOException {
    HttpURLConnection to = open(collector, "/hooks/test");
    to.setRequestMethod("POST");
    to.setRequestProperty("Content-Type", "application/json");
    to.setDoOutput(true);
    to.getOutputStream().write(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return to.getResponseCode();
  }

  private static int health(Collector collector) throws IOException {
    return open(collector, "/health").getResponseCode();
  }

  private static HttpURLConnection open(Collector collector, String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://127.0.0.1:" + collector.httpPort() + path).toURL().openConnection();
  }

  /** All that was published, each admitted as intact, in the order of recording. */
  private List<VerifiedEvent> admitted() {
    return organisation.verify(outlet.log());
  }

  private static List<String> prompts(List<VerifiedEvent> events) {
    return events.stream().map(e -> e.event().prompt()).filter(Objects::nonNull).toList();
  }

  @Test
  void aClockThatStepsAnyWayBreaksNoChain() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    Random random = new Random(seed);
    int asked = 60;
    for (int start = 0; start < 3; start++) {
      try (Collector collector = start(Duration.ofMillis(20))) {
        for (int i = 0; i < asked / 3; i++) {
          clock.to(NOON.plusMillis(random.nextLong(-290_000, VALIDITY.toMillis() - 400_000)));
          assertThat(post(collector, start + "/" + i)).isEqualTo(200);
        }
        assertThat(collector.awaitPublished(LONG)).isTrue();
      }
    }
    List<VerifiedEvent> events = admitted();
    assertThat(prompts(events)).as("seed %d", seed).hasSize(asked).doesNotHaveDuplicates();
    // What the clock showed is what is signed and what Kafka is told, in the chain's own order.
    List<Instant> observed = events.stream().map(e -> e.event().observedAt()).toList();
    assertThat(observed).as("some step went back, seed %d", seed).isNotEqualTo(sorted(observed));
    assertThat(outlet.log().stream().map(Spooled::observedAtMillis))
        .containsAll(observed.stream().map(Instant::toEpochMilli).toList());
    // Ids follow the order of capture whatever that clock shows: they have one of their own.
    List<VerifiedEvent> recorded = events.stream().filter(e -> e.event().prompt() != null).toList();
    assertThat(recorded.stream().map(e -> e.event().id().toString()))
        .doesNotHaveDuplicates()
        .isSorted();
  }

  private static List<Instant> sorted(List<Instant> times) {
    return times.stream().sorted().toList();
  }

  @Test
  void heartbeatsGoOnByElapsedTimeWhateverTheClockShows() throws Exception {
    try (Collector collector = start(Duration.ofMillis(20))) {
      awaitBeats(3);
      clock.by(Duration.ofMinutes(-2));
      awaitBeats(6);
      assertThat(health(collector)).isEqualTo(200);
    }
    assertThat(admitted()).isNotEmpty();
  }

  private void awaitBeats(int count) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (outlet.log().size() < count + 1 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(outlet.log()).hasSizeGreaterThan(count);
  }

  @Test
  void whatAdmissionWouldRejectForItsTimeIsRefusedAndRecordingGoesOnWhenTheClockIsRight()
      throws Exception {
    for (Instant wrong : List.of(NOON.minus(Duration.ofHours(1)), NOON.plus(VALIDITY))) {
      outlet.down(false);
      try (Collector collector = start(Duration.ofHours(1))) {
        assertThat(post(collector, wrong + " before")).isEqualTo(200);
        clock.to(wrong);
        assertThat(post(collector, wrong + " at")).isEqualTo(503);
        assertThat(health(collector)).isEqualTo(503);
        clock.to(NOON);
        assertThat(health(collector)).isEqualTo(200);
        assertThat(post(collector, wrong + " after")).isEqualTo(200);
      }
      assertThat(prompts(admitted()))
          .contains(wrong + " before", wrong + " after")
          .doesNotContain(wrong + " at");
    }
  }

  @Test
  void aStopOutsideTheValidityLeavesAChainThatTheNextOneFollows() throws Exception {
    Collector collector = start(Duration.ofHours(1));
    assertThat(post(collector, "1")).isEqualTo(200);
    clock.to(NOON.plus(VALIDITY));
    collector.close();
    assertThatThrownBy(() -> start(Duration.ofHours(1)))
        .isInstanceOf(CollectorException.class)
        .hasMessageContaining("is the clock right?");
    clock.to(NOON);
    start(Duration.ofHours(1)).close();
    List<VerifiedEvent> events = admitted();
    assertThat(events.stream().map(e -> e.event().body().name()))
        .containsExactly("Genesis", "PromptSubmitted", "Genesis", "CollectorStopped");
    assertThat(((Body.Genesis) events.get(2).event().body()).predecessor())
        .isNotNull()
        .extracting(Body.Predecessor::sequence)
        .isEqualTo(1L);
  }

  @Test
  void aCertificateThatRanOutIsReplacedWithoutARestartByANewChain() throws Exception {
    try (Collector collector = start(Duration.ofHours(1))) {
      assertThat(post(collector, "1")).isEqualTo(200);
      clock.by(VALIDITY);
      assertThatThrownBy(() -> collector.recorder().record(List.of(prompt("2"))))
          .isInstanceOf(CaptureException.class)
          .hasMessageContaining("try: custody keys rotate collector");
      organisation.rotate();
      key = certified();
      HttpURLConnection reload = open(collector, dev.custody.http.Routes.KEYS_RELOAD);
      reload.setRequestMethod("POST");
      assertThat(reload.getResponseCode()).isEqualTo(200);
      assertThat(post(collector, "3")).isEqualTo(200);
      assertThat(collector.awaitPublished(LONG)).isTrue();
    }
    assertThat(prompts(admitted())).containsExactly("1", "3");
  }
}
