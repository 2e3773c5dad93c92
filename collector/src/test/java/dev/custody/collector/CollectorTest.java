package dev.custody.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.admission.VerifiedEvent;
import dev.custody.event.Body;
import dev.custody.http.HttpConfig;
import dev.custody.spool.SpoolLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;

  @BeforeEach
  void certify() throws Exception {
    organisation = Organisation.in(directory);
  }

  private CollectorConfig config(Organisation certified, Duration heartbeat) {
    return new CollectorConfig(
        directory.resolve("data"),
        outlet,
        HttpConfig.loopback(0),
        organisation.routes(),
        organisation.observer(),
        () -> new CollectorKey(organisation.signer(), certified.certificate()),
        organisation.roots(),
        SpoolLimits.DEFAULT,
        heartbeat,
        "custody-test 1");
  }

  private Collector start() throws CollectorException {
    return Collector.start(config(organisation, Duration.ofHours(1)));
  }

  private List<Body> published() {
    return organisation.verify(outlet.log()).stream()
        .map(VerifiedEvent::event)
        .map(e -> e.body())
        .toList();
  }

  @Test
  void anOrderlyStopIsPublished() throws Exception {
    start().close();
    assertThat(published()).extracting(Body::name).containsExactly("Genesis", "CollectorStopped");
  }

  @Test
  void aLostSpoolIsToldFromAFirstStart() throws Exception {
    start().close();
    deleteTree(directory.resolve("data/spool"));
    start().close();
    List<Body> bodies = published();
    assertThat(((Body.Genesis) bodies.get(0)).predecessorUnknown()).isFalse();
    assertThat(((Body.Genesis) bodies.get(2)).predecessor()).isNull();
    assertThat(((Body.Genesis) bodies.get(2)).predecessorUnknown()).isTrue();
  }

  private static void deleteTree(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aSecondStartOnTheSameDataIsRefused() throws Exception {
    try (Collector first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(CollectorException.class)
          .hasMessageContaining("is in use by another collector");
      assertThat(first.awaitPublished(LONG)).isTrue();
    }
  }

  @Test
  void aCertificateThatAdmissionWouldRejectIsRefusedAtOnce() throws Exception {
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    assertThatThrownBy(() -> Collector.start(config(stranger, LONG)))
        .isInstanceOf(CollectorException.class)
        .hasMessageStartingWith("the collector's certificate: signed by root");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void itSaysThatItIsAlive() throws Exception {
    try (Collector collector = Collector.start(config(organisation, Duration.ofMillis(20)))) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (outlet.log().size() < 4 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(collector.awaitPublished(LONG)).isTrue();
    }
    assertThat(published()).extracting(Body::name).contains("CollectorHeartbeat");
  }

  @Test
  void notesOfSourcesOutliveARestart() throws Exception {
    try (Collector collector = start()) {
      collector.notes().put("git/tip", new byte[] {7});
    }
    try (Collector collector = start()) {
      assertThat(collector.notes().get("git/tip")).containsExactly(7);
    }
  }
}
