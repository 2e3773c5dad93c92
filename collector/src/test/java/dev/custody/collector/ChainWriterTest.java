package dev.custody.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.admission.VerifiedEvent;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder.Receipt;
import dev.custody.chain.ChainHead;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.SpoolLimits;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainWriterTest {
  @TempDir Path directory;

  private Organisation organisation;
  private Spool spool;

  @BeforeEach
  void open() throws Exception {
    organisation = Organisation.in(directory);
    spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT);
  }

  @AfterEach
  void close() {
    spool.close();
  }

  private ChainWriter start() throws SpoolException {
    return ChainWriter.start(
        spool, organisation.signer(), organisation.own(), () -> false, () -> {});
  }

  private List<Event> recorded() throws SpoolException {
    return organisation.verify(Organisation.all(spool)).stream().map(VerifiedEvent::event).toList();
  }

  @Test
  void aChainBeginsWithItsGenesisAndEndsByNamingItsLastLink() throws Exception {
    ChainHead last;
    try (ChainWriter writer = start()) {
      assertThat(writer.record(List.of(Organisation.prompt("s", null))))
          .isEqualTo(new Receipt(1, 0));
      last = Objects.requireNonNull(spool.head());
    }
    List<Event> events = recorded();
    assertThat(events)
        .extracting(e -> e.body().name())
        .containsExactly("Genesis", "PromptSubmitted", "CollectorStopped");
    assertThat(events.getLast().body())
        .isEqualTo(new Body.CollectorStopped(last.sequence(), last.link()));
  }

  @Test
  void aRepeatedSourceIdIsRecordedOnceAlsoWithinACallAndAcrossARestart() throws Exception {
    try (ChainWriter writer = start()) {
      assertThat(
              writer.record(
                  List.of(
                      Organisation.prompt("s", "a"),
                      Organisation.prompt("s", "a"),
                      Organisation.prompt("s", "b"))))
          .isEqualTo(new Receipt(2, 1));
      assertThat(writer.record(List.of(Organisation.prompt("s", "b"))))
          .isEqualTo(new Receipt(0, 1));
    }
    spool.reopen();
    try (ChainWriter writer = start()) {
      assertThat(
              writer.record(List.of(Organisation.prompt("s", "a"), Organisation.prompt("s", "c"))))
          .isEqualTo(new Receipt(1, 1));
    }
    assertThat(recorded().stream().filter(e -> e.prompt() != null).map(Event::prompt))
        .containsExactly("a", "b", "c");
  }

  @Test
  void eachStartNamesWhereTheLastChainEnded() throws Exception {
    start().close();
    ChainHead last = Objects.requireNonNull(spool.head());
    start().close();
    Body.Genesis second = (Body.Genesis) recorded().get(2).body();
    assertThat(second.predecessor())
        .isEqualTo(new Body.Predecessor(last.chain(), last.sequence(), last.link()));
    assertThat(second.predecessorUnknown()).isFalse();
  }

  @Test
  void thousandsOfEventsOfOneCallKeepTheirOrderAcrossSeals() throws Exception {
    try (ChainWriter writer = start()) {
      List<Event> events =
          IntStream.range(0, 3000).mapToObj(i -> Organisation.prompt("s", "p" + i)).toList();
      assertThat(writer.record(events)).isEqualTo(new Receipt(3000, 0));
    }
    assertThat(recorded().stream().filter(e -> e.prompt() != null).map(Event::prompt))
        .containsExactlyElementsOf(IntStream.range(0, 3000).mapToObj(i -> "p" + i).toList());
  }

  @Test
  void manyCallersAtOnceEachKeepTheirOrder() throws Exception {
    int callers = 32;
    int calls = 40;
    try (ChainWriter writer = start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        String session = "caller-" + caller;
        work.add(() -> {
          int recorded = 0;
          for (int i = 0; i < calls; i++) {
            recorded +=
                writer
                    .record(
                        List.of(
                            Organisation.prompt(session, session + "/" + 2 * i),
                            Organisation.prompt(session, session + "/" + (2 * i + 1))))
                    .recorded();
          }
          return recorded;
        });
      }
      for (Future<Integer> done : threads.invokeAll(work)) {
        assertThat(done.get()).isEqualTo(2 * calls);
      }
    }
    List<Event> events = recorded();
    for (int caller = 0; caller < callers; caller++) {
      String session = "caller-" + caller;
      assertThat(events.stream().filter(e -> session.equals(e.session())).map(Event::prompt))
          .containsExactlyElementsOf(
              IntStream.range(0, 2 * calls).mapToObj(i -> session + "/" + i).toList());
    }
  }

  @Test
  void anEventBeyondTheLimitRefusesTheWholeCall() throws Exception {
    try (ChainWriter writer = start()) {
      assertThatThrownBy(() ->
              writer.record(
                  List.of(
                      Organisation.prompt("s", "small"),
                      Organisation.prompt("s", "large", Formats.MAX_EVENT_BYTES))))
          .isInstanceOf(CaptureException.class)
          .hasMessageContaining("at most 921,600 are recorded");
      assertThat(writer.record(List.of(Organisation.prompt("s", "small"))))
          .isEqualTo(new Receipt(1, 0));
    }
  }

  @Test
  void aFullSpoolRefusesAndStillEndsItsChain() throws Exception {
    spool.close();
    spool = Spool.open(directory.resolve("small"), new SpoolLimits(1 << 20, 3));
    try (ChainWriter writer = start()) {
      writer.record(List.of(Organisation.prompt("s", "1"), Organisation.prompt("s", "2")));
      assertThatThrownBy(() -> writer.record(List.of(Organisation.prompt("s", "3"))))
          .isInstanceOf(CaptureException.class)
          .hasMessageContaining("is full");
      assertThat(writer.problem()).contains("is full");
      spool.trim(1);
      assertThat(writer.problem()).isNull();
    }
    assertThat(Organisation.all(spool)).hasSize(3);
  }

  @Test
  void aFailedWriteEndsTheChainAndTheNextOneNamesWhatWasDurable() throws Exception {
    ChainWriter writer = start();
    writer.record(List.of(Organisation.prompt("s", "1")));
    ChainHead durable = Objects.requireNonNull(spool.head());
    // The directory goes away under the writer: its next write fails, whatever the reason.
    spool.close();
    assertThatThrownBy(() -> writer.record(List.of(Organisation.prompt("s", "2"))))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("is closed");
    // It opens the spool again by itself.
    assertThat(writer.record(List.of(Organisation.prompt("s", "3")))).isEqualTo(new Receipt(1, 0));
    assertThat(writer.problem()).isNull();
    writer.close();

    List<Event> events = recorded();
    assertThat(events.stream().map(Event::prompt).filter(Objects::nonNull))
        .containsExactly("1", "3");
    assertThat(((Body.Genesis) events.get(2).body()).predecessor())
        .isEqualTo(new Body.Predecessor(durable.chain(), durable.sequence(), durable.link()));
  }

  @Test
  void afterItsEndNothingIsRecorded() throws Exception {
    ChainWriter writer = start();
    writer.close();
    assertThatThrownBy(() -> writer.record(List.of(Organisation.prompt("s", null))))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("is stopping");
    assertThat(recorded()).hasSize(2);
  }
}
