package dev.custody.audit;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.Examiner.Examined;
import dev.custody.admission.Examiner.Linked;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.Verdict;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Stored;
import dev.custody.chain.EnvelopeView;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What an audit knows of one partition: admission decides from its own partition alone, and so does
 * this. Its records come one at a time, in the order of their offsets.
 */
final class PartitionAudit implements AutoCloseable {
  /** Old positions that are looked up again, of one partition; more are told as they are. */
  static final int MAX_STALE = 1_000;

  /** Links of all partitions that are in memory; more are in a temporary file. */
  private static final long LINK_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final long MIN_LINK_BYTES = 256 << 10;

  private final int partition;
  private final int partitions;
  private final AdmittedSink admitted;
  private final BoundedChains memory;
  private final Admission admission;
  private final Failures failures = new Failures();
  private final Map<ChainId, ChainAudit> chains = new LinkedHashMap<>();
  private final List<Old> stale = new ArrayList<>();
  private int unnamed;
  private int storage;
  private long records;
  private long repeats;

  /** Failures: those that are listed, and how many more there are. */
  static final class Failures {
    final List<Failure> listed = new ArrayList<>();
    long omitted;

    void add(Failure failure, boolean list) {
      if (list) {
        listed.add(failure);
      } else {
        omitted++;
      }
    }
  }

  /** A record older than what is kept to compare it with. */
  record Old(ChainAudit chain, Verdict verdict, Where where, Digest hash) {}

  PartitionAudit(TrustedRoots roots, AuditOptions options, int partition, int partitions) {
    this.partition = partition;
    this.partitions = partitions;
    this.admitted = options.admitted();
    this.memory = new BoundedChains(Math.max(MIN_LINK_BYTES, LINK_BYTES / partitions));
    this.admission = new Admission(new ChainVerifier(roots, memory, options.signatures()));
  }

  /** Takes a failure of the storage; it may come ahead of the records before it. */
  void storageFailure(Failure failure) {
    failures.add(failure, ++storage <= 10 * AuditReport.MAX_LISTED);
  }

  /** Takes the next record. */
  void take(Stored record, Examined examined) {
    records++;
    Admission.Result result = admission.admit(examined);
    Verdict verdict = result.verdict();
    EnvelopeView envelope = result.envelope();
    ChainId chain = chainOf(record, envelope);
    Where where = new Where(chain, envelope == null ? null : envelope.sequence(), record.place());
    if (chain == null) {
      failures.add(new Failure.Refused(verdict, where), ++unnamed <= 100 * AuditReport.MAX_LISTED);
      return;
    }
    ChainAudit audit = chains.computeIfAbsent(chain, this::chain);
    if (verdict instanceof Verdict.Repeat) {
      repeats++;
    }
    if (!audit.isAtHome() && belongsToAChain(verdict)) {
      audit.fail(new Failure.WrongPartition(where, home(chain)));
    } else if (verdict instanceof Verdict.Stale
        && examined instanceof Linked linked
        && stale.size() < MAX_STALE) {
      stale.add(new Old(audit, verdict, where, linked.hash()));
    } else {
      audit.take(verdict, result.event(), where);
    }
    if (verdict.admitted() && examined instanceof Linked linked) {
      admitted.admitted(partition, where.place().offset(), linked);
    }
  }

  /** Whether what is wrong with a record is at most where it lies: its genesis lies elsewhere. */
  private static boolean belongsToAChain(Verdict verdict) {
    return verdict.admitted()
        || verdict instanceof Verdict.Repeat
        || verdict instanceof Verdict.NoGenesis;
  }

  private ChainAudit chain(ChainId id) {
    return new ChainAudit(id, home(id) == partition, memory, failures);
  }

  /** The partition of a chain, as Kafka's default partitioner chooses it by the key. */
  private int home(ChainId chain) {
    return Utils.toPositive(Utils.murmur2(chain.toByteArray())) % partitions;
  }

  /**
   * The chain that a record is of. Of a refused one nothing is proven: it is what its bytes name,
   * preferably a chain that is known, null when they name none.
   */
  private @Nullable ChainId chainOf(Stored record, @Nullable EnvelopeView envelope) {
    ChainId enclosed = envelope == null ? null : envelope.chain();
    if (record.raw().keyLength() != ChainId.SIZE
        || (enclosed != null && enclosed.isAt(record.raw().bytes(), record.raw().keyAt()))) {
      return enclosed;
    }
    ChainId keyed = new ChainId(record.raw().bytes(), record.raw().keyAt());
    return enclosed == null || (!isKnown(enclosed) && isKnown(keyed)) ? keyed : enclosed;
  }

  private boolean isKnown(ChainId chain) {
    return memory.state(chain) != null;
  }

  boolean hasOpenGaps() {
    return chains.values().stream().anyMatch(ChainAudit::hasOpenGaps);
  }

  Map<ChainId, ChainAudit> chains() {
    return chains;
  }

  List<Old> stale() {
    return stale;
  }

  Failures failures() {
    return failures;
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }

  long records() {
    return records;
  }

  long repeats() {
    return repeats;
  }
}
