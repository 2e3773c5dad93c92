package dev.custody.audit;

import static dev.custody.audit.TestLog.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Sealer;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the chains of one collector follow each other, and how one ends. */
@Timeout(180)
class ChainSuccessionTest {
  private static final String LAPTOP = "spiffe://test/collector/laptop";

  @Test
  void aSuccessorThatNamesTheWholePredecessorIsIntact(@TempDir Path data) throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    List<Envelope> next = opened(two, named(old, 3), 1);
    assertThat(two.write(concat(old, next)).audit().failures()).isEmpty();
  }

  @Test
  void aCutTailOfAnOldChainIsMissingBecauseItsSuccessorNamesMore(@TempDir Path data)
      throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    List<Envelope> next = opened(two, named(old, 3), 1);
    AuditReport report = two.write(concat(old.subList(0, 2), next)).audit();
    assertThat(names(report)).containsExactly("MissingTail");
    Failure missing = report.failures().getFirst();
    assertThat(missing.where().chain()).isEqualTo(old.getFirst().chain());
    assertThat(missing.where().sequence()).isEqualTo(2);
    assertThat(missing.detail())
        .isEqualTo(
            "expected chain %s up to #3, as its successor says, found it up to #1: 2 missing"
                .formatted(old.getFirst().chain().shortHex()));
    assertThat(report.chains()).extracting(AuditReport.Chain::intact).containsExactly(false, true);
  }

  @Test
  void aWholePredecessorThatIsGoneIsMissing(@TempDir Path data) throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    AuditReport report = two.write(opened(two, named(old, 3), 1)).audit();
    assertThat(names(report)).containsExactly("MissingTail");
    assertThat(report.failures().getFirst().detail()).endsWith("found no verified record of it");
  }

  @Test
  void aSuccessorThatNamesLessOrAnotherLinkIsAFailure(@TempDir Path data, @TempDir Path other)
      throws Exception {
    TestLog less = TestLog.in(data);
    List<Envelope> old = opened(less, null, 3);
    AuditReport forgotten = less.write(concat(old, opened(less, named(old, 2), 1))).audit();
    assertThat(names(forgotten)).containsExactly("ForgottenTail");
    assertThat(forgotten.failures().getFirst().detail())
        .isEqualTo(
            "expected chain %s to end at #2, as its successor says, found it up to #3"
                .formatted(old.getFirst().chain().shortHex()));

    TestLog link = TestLog.in(other);
    List<Envelope> kept = opened(link, null, 3);
    var wrong = new Body.Predecessor(kept.getFirst().chain(), 3, Digest.sha256(new byte[1]));
    assertThat(names(link.write(concat(kept, opened(link, wrong, 1))).audit()))
        .containsExactly("OtherTail");
  }

  @Test
  void twoSuccessorsOfOneChainAreRivalsAndAnotherCollectorIsForeign(@TempDir Path data)
      throws Exception {
    TestLog three = TestLog.in(data);
    List<Envelope> old = opened(three, null, 1);
    List<Envelope> one = opened(three, named(old, 1), 1);
    List<Envelope> two = opened(three, "spiffe://test/collector/other", named(old, 1), 1);
    AuditReport report = three.write(concat(concat(old, one), two)).audit();
    assertThat(names(report)).containsExactly("RivalSuccessor", "ForeignSuccessor");
    assertThat(report.failures().getFirst().where().chain()).isEqualTo(two.getFirst().chain());
    assertThat(report.failures().getFirst().where().place().offset()).isEqualTo(4);
  }

  @Test
  void nothingMayFollowAnOrderlyEnd(@TempDir Path data) throws Exception {
    TestLog stopped = TestLog.in(data);
    Sealer.Opened opened = stopped.open(LAPTOP, null);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    ChainHead head = opened.sealer().head();
    byte[] stop = TestLog.event(new Body.CollectorStopped(head.sequence(), head.link()));
    all.addAll(opened.sealer().seal(List.of(stop)));
    List<Envelope> orderly = List.copyOf(all);
    all.addAll(opened.sealer().seal(List.of(TestLog.event(new Body.CollectorHeartbeat(1, 0, 0)))));
    AuditReport report = stopped.write(all).audit();
    assertThat(names(report)).containsExactly("AfterStop");
    assertThat(report.failures().getFirst().detail())
        .isEqualTo("expected nothing after CollectorStopped at #1, found #2");
    stopped.rewrite(0, records -> records.removeLast());
    assertThat(stopped.audit().failures()).isEmpty();
    assertThat(orderly).hasSize(2);
  }

  @Test
  void anOrderlyEndThatNamesAnotherEndIsFalse(@TempDir Path data) throws Exception {
    TestLog stopped = TestLog.in(data);
    Sealer.Opened opened = stopped.open(LAPTOP, null);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    all.addAll(
        opened.sealer().seal(List.of(TestLog.event(new Body.CollectorStopped(7, Digest.ZERO)))));
    assertThat(names(stopped.write(all).audit())).containsExactly("FalseStop");
  }

  private static List<Envelope> opened(
      TestLog log, Body.@Nullable Predecessor predecessor, int events) throws Exception {
    return opened(log, LAPTOP, predecessor, events);
  }

  /** A chain of a genesis and {@code events} more. */
  private static List<Envelope> opened(
      TestLog log, String collector, Body.@Nullable Predecessor predecessor, int events)
      throws Exception {
    Sealer.Opened opened = log.open(collector, predecessor);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    for (int i = 0; i < events; i++) {
      all.addAll(
          opened.sealer().seal(List.of(TestLog.event(new Body.CollectorHeartbeat(i, 0, 0)))));
    }
    return all;
  }

  private static Body.Predecessor named(List<Envelope> chain, int sequence) {
    return new Body.Predecessor(
        chain.getFirst().chain(), sequence, Link.of(chain.get(sequence)).hash());
  }

  private static List<Envelope> concat(List<Envelope> first, List<Envelope> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
