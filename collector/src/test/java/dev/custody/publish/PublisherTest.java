package dev.custody.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TestChain;
import dev.custody.collector.MemoryOutlet;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.spool.Sealed;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.SpoolLimits;
import dev.custody.spool.Spooled;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
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
    public void readBack(ChainId chain, long sinceMillis, Reader reader) {
      throw new IllegalStateException("nothing was noted before");
    }

    @Override
    public void close() {
      answers.clear();
    }
  }

  @Test
  void noMoreIsUnacknowledgedThanAdmissionRemembers() throws Exception {
    append(ChainVerifier.LINKS_KEPT + 500);
    SilentOutlet silent = new SilentOutlet();
    try (Publisher publisher = Publisher.start(spool, () -> silent)) {
      List<Outlet.Answer> answers = new ArrayList<>();
      for (int i = 0; i < ChainVerifier.LINKS_KEPT; i++) {
        answers.add(Objects.requireNonNull(silent.answers.poll(20, TimeUnit.SECONDS)));
      }
      assertThat(silent.answers.poll(2L * Publisher.HOLD_MILLIS, TimeUnit.MILLISECONDS)).isNull();
      assertThat(spool.trimmed()).isZero();
      answers.forEach(answer -> answer.arrived(null));
      assertThat(silent.answers.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(publisher.unpublished()).isPositive();
    }
  }

  @Test
  void moreThanAdmissionRemembersIsSentOnlyOnceItIsNotedHowFar() throws Exception {
    append(5 * ChainVerifier.LINKS_KEPT);
    AtomicReference<String> unnoted = new AtomicReference<>();
    Outlet.Opener watching =
        () -> {
          Outlet to = outlet.open();
          return new Outlet() {
            @Override
            public void send(Spooled envelope, Answer answer) throws InterruptedException {
              long position = envelope.position();
              if (position >= spool.trimmed() + ChainVerifier.LINKS_KEPT && position >= noted()) {
                unnoted.set("position " + position);
              }
              to.send(envelope, answer);
            }

            @Override
            public void readBack(ChainId chain, long sinceMillis, Reader reader) {
              throw new IllegalStateException("nothing was noted before");
            }

            @Override
            public void close() {
              to.close();
            }
          };
        };
    try (Publisher publisher = Publisher.start(spool, watching)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(unnoted.get()).isNull();
    assertThat(noted()).isGreaterThanOrEqualTo(spool.end());
    assertThat(positions(outlet.log())).containsExactly(upTo(5 * ChainVerifier.LINKS_KEPT + 1));
  }

  private long noted() {
    try {
      byte[] note = spool.note("publisher/sent");
      return note == null ? 0 : ByteBuffer.wrap(note).getLong();
    } catch (SpoolException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A publisher that was killed after it noted a burst and sent some of it. */
  private void sendBeforeACrash(LongPredicate arrived) throws Exception {
    spool.putNote("publisher/sent", ByteBuffer.allocate(8).putLong(1 << 20).array());
    try (Outlet before = outlet.open()) {
      for (long at = 0; at < spool.end(); at++) {
        if (arrived.test(at)) {
          before.send(spool.read(at, 1, 1).getFirst(), failure -> assertThat(failure).isNull());
        }
      }
    }
  }

  @Test
  void afterACrashInABurstTheLogIsReadBackAndOnlyWhatItLacksIsSent() throws Exception {
    append(9_000);
    sendBeforeACrash(at -> at < 7_000);
    // Another writer's value under this chain's key is not taken for the envelope itself.
    Spooled own = spool.read(7_000, 1, 1).getFirst();
    try (Outlet stranger = outlet.open()) {
      stranger.send(
          new Spooled(-1, own.chain(), own.observedAtMillis(), new Bytes(new byte[] {1})),
          failure -> {});
    }
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(outlet.log()).stream().filter(p -> p >= 0).toList())
        .containsExactly(upTo(9_001));
  }

  @Test
  void whatABrokerLostOfABurstIsSentAgain() throws Exception {
    append(9_000);
    sendBeforeACrash(at -> at < 8_000);
    outlet.keepOnly(100);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(outlet.log())).containsExactly(upTo(9_001));
  }

  @Test
  void whatFollowsAGapInTheLogIsSentAgain() throws Exception {
    append(9_000);
    sendBeforeACrash(at -> at < 8_000 && at != 4_321);
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(outlet.log()).subList(0, 7_999)).doesNotContain(4_321L);
    assertThat(positions(outlet.log()).subList(7_999, 7_999 + 9_001 - 4_321))
        .containsExactly(LongStream.range(4_321, 9_001).boxed().toArray(Long[]::new));
  }

  @Test
  void ofSeveralChainsEachIsReadBackByItself() throws Exception {
    append(6_000);
    chain = TestChain.open(directory.resolve("next"));
    appended = 0;
    append(3_000);
    sendBeforeACrash(at -> at < 5_000 || (at > 6_000 && at < 8_000));
    try (Publisher publisher = Publisher.start(spool, outlet)) {
      assertThat(publisher.awaitPublished(LONG)).isTrue();
    }
    assertThat(positions(outlet.log())).hasSize(9_002).containsExactlyInAnyOrder(upTo(9_002));
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
