package dev.custody.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TestChain;
import dev.custody.collector.MemoryOutlet;
import dev.custody.spool.Sealed;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolLimits;
import dev.custody.spool.Spooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final MemoryOutlet outlet = new MemoryOutlet();
  private TestChain chain;
  private Spool spool;
  private int appended;

  @BeforeEach
  void open() throws Exception {
    chain = TestChain.open(directory);
    spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT);
    appended = 0;
  }

  @AfterEach
  void close() {
    spool.close();
  }

  private void append(int heartbeats) throws Exception {
    for (int i = 0; i < heartbeats; i += 64) {
      chain.sealHeartbeats(Math.min(64, heartbeats - i));
    }
    spool.append(
        chain.envelopes().stream()
            .skip(appended)
            .map(e -> new Sealed(e, TestChain.NOW, null))
            .toList());
    appended = chain.envelopes().size();
  }

  private static List<Long> positions(List<Spooled> log) {
    return log.stream().map(Spooled::position).toList();
  }

  private static Long[] upTo(int count) {
    return LongStream.range(0, count).boxed().toArray(Long[]::new);
  }

  @Test
  void everythingIsSentOnceAndInOrder() throws Exception {
    append(300);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
      append(300);
      assertThat(publisher.awaitPublished(LONG)).isTrue();
      assertThat(publisher.unpublished()).isZero();
      assertThat(publisher.problem()).isNull();
    }
    assertThat(positions(outlet.log())).containsExactly(upTo(601));
    assertThat(outlet.log().getFirst().observedAtMillis()).isEqualTo(TestChain.NOW.toEpochMilli());
  }

  @Test
  void aFailureIsFollowedByAllThatIsNotTrimmedThroughANewOutlet() throws Exception {
    append(100);
    outlet.failAfter(40);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(outlet.opened()).isEqualTo(2);
    assertThat(positions(outlet.log()).subList(0, 40)).containsExactly(upTo(40));
    assertThat(positions(outlet.log()).subList(40, 141)).containsExactly(upTo(101));
  }

  @Test
  void recordingGoesOnWithoutALogAndAllIsSentOnceThereIsOne() throws Exception {
    outlet.down(true);
    append(10);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(Duration.ofMillis(300))).isFalse();
      append(10);
      assertThat(publisher.unpublished()).isEqualTo(21);
      assertThat(publisher.problem()).contains("no log");
      outlet.down(false);
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(outlet.log())).containsExactly(upTo(21));
  }

  @Test
  void nothingIsTrimmedBeforeTheLogHadTimeToForceItToDisk() throws Exception {
    append(2000);
    long start = System.nanoTime();
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      long deadline = start + LONG.toNanos();
      while (spool.trimmed() == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(System.nanoTime() - start)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(Publisher.HOLD_MILLIS));
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(spool.trimmed()).isPositive();
  }

  /** Takes everything and answers nothing until it is told to. */
  private static final class SilentOutlet implements Outlet {
    final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    @Override
    public void send(Spooled envelope, Answer answer) {
      answers.add(answer);
    }

    @Override
    public void close() {
      answers.clear();
    }
  }

  @Test
  void noMoreIsUnderWayThanAdmissionRemembers() throws Exception {
    append(ChainVerifier.LINKS_KEPT + 500);
    SilentOutlet silent = new SilentOutlet();
    try (Publisher publisher = Publisher.start(spool, () -> silent)) {
      Outlet.Answer last = null;
      for (int i = 0; i < ChainVerifier.LINKS_KEPT; i++) {
        last = silent.answers.poll(20, TimeUnit.SECONDS);
        assertThat(last).isNotNull();
        last.arrived(null);
      }
      // Acknowledged, and held: the next is sent only after a trim.
      assertThat(silent.answers.poll(Publisher.HOLD_MILLIS / 2, TimeUnit.MILLISECONDS)).isNull();
      assertThat(spool.trimmed()).isZero();
      assertThat(silent.answers.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(spool.trimmed()).isPositive();
      assertThat(publisher.unpublished()).isPositive();
    }
  }

  @Test
  void aRestartSendsWhatWasNotTrimmedFirst() throws Exception {
    append(50);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    spool.close();
    spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT);
    append(5);
    MemoryOutlet second = new MemoryOutlet();
    try (Publisher publisher = Publisher.start(spool, second)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(second.log())).endsWith(51L, 52L, 53L, 54L, 55L).isSorted();
  }
}
