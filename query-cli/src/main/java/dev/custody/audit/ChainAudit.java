package dev.custody.audit;

import dev.custody.admission.ChainMemory;
import dev.custody.admission.Verdict;
import dev.custody.admission.VerifiedEvent;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.PartitionAudit.Failures;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.ChainHead;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an audit knows of one chain: counts, head, open gaps, the orderly end. Constant size. */
final class ChainAudit {
  /** The verifier closes none but this many newest gaps; older ones stay open for good. */
  private static final int MAX_OPEN_GAPS = 64;

  private final ChainId id;
  private final boolean atHome;
  private final ChainMemory memory;
  private final Failures failures;
  private final TreeMap<Long, OpenGap> gaps = new TreeMap<>();
  private final Map<String, Integer> listed = new HashMap<>();
  private @Nullable ChainHead head;
  private @Nullable Where genesis;
  private Body.@Nullable Genesis opening;
  private @Nullable Where headAt;
  private long stop = Long.MAX_VALUE;
  private long records;
  private long repeats;
  private long failed;

  /** Missing positions up to {@code last}; {@code found} is the record behind them. */
  private record OpenGap(long last, Place found) {}

  /**
   * Knows nothing yet.
   *
   * @param atHome whether this is the partition of the chain's key
   */
  ChainAudit(ChainId id, boolean atHome, ChainMemory memory, Failures failures) {
    this.id = id;
    this.atHome = atHome;
    this.memory = memory;
    this.failures = failures;
  }

  /** Takes the verdict on a record of this chain. */
  void take(Verdict verdict, @Nullable VerifiedEvent event, Where where) {
    switch (verdict) {
      case Verdict.Repeat _ -> repeats++;
      case Verdict.Intact v -> admit(v.head(), event, where);
      case Verdict.Gap v -> {
        gaps.put(v.expected(), new OpenGap(v.head().sequence() - 1, where.place()));
        if (gaps.size() > MAX_OPEN_GAPS) {
          fail(failure(gaps.pollFirstEntry()));
        }
        admit(v.head(), event, where);
      }
      case Verdict.LateFit v -> {
        fill(v.position().sequence());
        admit(v.position(), event, where);
      }
      default -> fail(new Failure.Refused(verdict, where));
    }
  }

  /** Counts a failure of this chain, and lists it unless there are many of its kind. */
  void fail(Failure failure) {
    failed++;
    int nth = listed.merge(failure.name(), 1, Integer::sum);
    // Without its genesis every record of a chain fails, all for the one reason.
    boolean sameReason =
        failure instanceof Failure.Refused refused
            && refused.verdict() instanceof Verdict.NoGenesis;
    failures.add(failure, nth <= (sameReason ? 1 : AuditReport.MAX_LISTED));
  }

  /** No more records will come: what is missing now is missing. */
  void end() {
    gaps.entrySet().forEach(gap -> fail(failure(gap)));
    gaps.clear();
  }

  boolean hasOpenGaps() {
    return !gaps.isEmpty();
  }

  private void admit(ChainHead position, @Nullable VerifiedEvent event, Where where) {
    records++;
    if (event != null && event.view().body() instanceof Body.Genesis body) {
      genesis = where;
      opening = body;
    }
    if (event != null && event.view().body() instanceof Body.CollectorStopped body) {
      stop(body, event, where);
    } else if (position.sequence() > stop) {
      fail(new Failure.AfterStop(where, stop));
    }
    if (head == null || position.sequence() > head.sequence()) {
      head = position;
      headAt = where;
    }
  }

  private void stop(Body.CollectorStopped body, VerifiedEvent event, Where where) {
    long before = event.envelope().sequence() - 1;
    if (body.lastSequence() != before || !body.lastLink().equals(event.envelope().previous())) {
      fail(new Failure.FalseStop(where, before, body.lastSequence()));
    }
    long at = event.envelope().sequence();
    if (at > stop) {
      fail(new Failure.AfterStop(where, stop));
    } else {
      stop = at;
      if (head != null && headAt != null && head.sequence() > at) {
        fail(new Failure.AfterStop(headAt, at));
      }
    }
  }

  private void fill(long sequence) {
    Map.Entry<Long, OpenGap> entry = gaps.floorEntry(sequence);
    if (entry == null || entry.getValue().last() < sequence) {
      return;
    }
    long first = entry.getKey();
    OpenGap gap = gaps.remove(first);
    if (gap != null && first < sequence) {
      gaps.put(first, new OpenGap(sequence - 1, gap.found()));
    }
    if (gap != null && gap.last() > sequence) {
      gaps.put(sequence + 1, gap);
    }
  }

  private Failure failure(Map.Entry<Long, OpenGap> gap) {
    return new Failure.Gap(
        new Where(id, gap.getKey(), gap.getValue().found()), gap.getKey(), gap.getValue().last());
  }

  ChainId id() {
    return id;
  }

  boolean isAtHome() {
    return atHome;
  }

  long failed() {
    return failed;
  }

  /** What admission knows of it, null when its genesis was not admitted. */
  ChainMemory.@Nullable State state() {
    return memory.state(id);
  }

  @Nullable ChainHead head() {
    return head;
  }

  /** Where its verified genesis is, null when there is none. */
  @Nullable Where genesis() {
    return genesis;
  }

  /** The chain that it says it follows, if it names one. */
  Body.@Nullable Predecessor predecessor() {
    return opening == null ? null : opening.predecessor();
  }

  /** What there is to say of it; {@code failures} counts those of all partitions. */
  AuditReport.Chain report(long failures) {
    ChainMemory.State state = state();
    return new AuditReport.Chain(
        id,
        state == null ? null : state.collector(),
        head,
        records,
        repeats,
        failures,
        opening != null && opening.predecessorUnknown());
  }
}
