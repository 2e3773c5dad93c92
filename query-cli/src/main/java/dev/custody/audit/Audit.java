package dev.custody.audit;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainMemory;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.InMemoryChains;
import dev.custody.admission.TrustedRoots;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Stored;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies every record of a source, every chain, and how the chains follow each other. One audit
 * reads one source, once.
 *
 * <p>A chain is intact when each of its records verifies and continues the one before, nothing is
 * missing between its genesis and its newest record, nothing follows its orderly end, and its one
 * successor names the very end that is stored. That the newest records of a chain without a
 * successor were cut off cannot be seen here: only somebody who kept a checkpoint sees that.
 *
 * <p>What is stored while an audit reads may be torn between two partitions: a successor that is
 * there already, its predecessor's end not yet. So where something is missing at the end, what was
 * stored meanwhile is read too, once.
 *
 * <p>It keeps, for each chain, what {@link InMemoryChains} keeps and a few hundred bytes more,
 * however long the chain is; a list of failures is bounded for each chain.
 *
 * <p>Measured on one of two shared cores, 200,000 heartbeats of one chain in segment files, batches
 * of 64, a heap of 1 GiB: 18,000 records/s where each has a seal of its own, nearly all of it
 * Ed25519; 150,000 to 180,000 records/s in seals of 64. From a broker on the same machine 14,000
 * and 120,000.
 */
public final class Audit {
  /** How long a collector may take to send what it sends together, over several partitions. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final InMemoryChains memory = new InMemoryChains();
  private final Admission admission;
  private final Duration settled;
  private final Map<ChainId, ChainAudit> chains = new LinkedHashMap<>();
  private final Failures failures = new Failures();
  private long records;
  private long repeats;

  /** Failures of all chains: those that are listed, and how many more there are. */
  static final class Failures {
    private final List<Failure> listed = new ArrayList<>();
    private long omitted;

    void add(Failure failure, boolean list) {
      if (list) {
        listed.add(failure);
      } else {
        omitted++;
      }
    }
  }

  /** Trusts {@code roots} and nothing else. */
  public Audit(TrustedRoots roots) {
    this(roots, SETTLED);
  }

  /** For tests that know that nobody is writing. */
  Audit(TrustedRoots roots, Duration settled) {
    this.settled = settled;
    this.admission = new Admission(new ChainVerifier(roots, memory));
  }

  /**
   * Verifies everything in {@code source}.
   *
   * @param progress called now and then while it reads
   * @throws IOException when the source cannot be read
   */
  public AuditReport run(RecordSource source, Runnable progress) throws IOException {
    RecordSource.Sink sink = new Reading(progress);
    source.read(sink);
    if (somethingIsMissing()) {
      settle();
      source.read(sink);
    }
    chains.values().forEach(ChainAudit::end);
    new Successors(chains, memory).check();
    return new AuditReport(
        chains.values().stream().map(c -> c.report(memory.state(c.id()))).toList(),
        failures.listed,
        failures.omitted,
        records,
        repeats);
  }

  private final class Reading implements RecordSource.Sink {
    private static final int TICK = 512;

    private final Runnable progress;
    private int storageFailures;

    Reading(Runnable progress) {
      this.progress = progress;
    }

    @Override
    public void record(Stored record) {
      admit(record);
      if (++records % TICK == 0) {
        progress.run();
      }
    }

    @Override
    public void failure(Failure failure) {
      failures.add(failure, ++storageFailures <= 10 * AuditReport.MAX_LISTED);
    }
  }

  private void admit(Stored record) {
    Admission.Result result = admission.admit(record.key(), record.value(), record.timestamp());
    Envelope envelope = result.envelope();
    ChainId chain = chainOf(record, envelope);
    Where where = new Where(chain, envelope == null ? null : envelope.sequence(), record.place());
    if (chain == null) {
      failures.add(
          new Failure.Refused(result.verdict(), where),
          failures.listed.size() <= 100 * AuditReport.MAX_LISTED);
      return;
    }
    if (result.verdict() instanceof dev.custody.admission.Verdict.Repeat) {
      repeats++;
    }
    chains
        .computeIfAbsent(chain, c -> new ChainAudit(c, failures))
        .take(result.verdict(), result.event(), where);
  }

  /**
   * The chain that a record is of. Of a refused one nothing is proven: it is what its bytes name,
   * preferably a chain that is known, null when they name none.
   */
  private @Nullable ChainId chainOf(Stored record, @Nullable Envelope envelope) {
    byte[] key = record.key();
    ChainId keyed = key != null && key.length == ChainId.SIZE ? new ChainId(key) : null;
    ChainId enclosed = envelope == null ? null : envelope.chain();
    return enclosed == null || (keyed != null && !isKnown(enclosed) && isKnown(keyed))
        ? keyed
        : enclosed;
  }

  private boolean isKnown(ChainId chain) {
    return memory.state(chain) != null;
  }

  private boolean somethingIsMissing() {
    return chains.values().stream().anyMatch(c -> c.hasOpenGaps() || lacksPredecessor(c));
  }

  private boolean lacksPredecessor(ChainAudit chain) {
    Body.Predecessor named = chain.predecessor();
    if (named == null) {
      return false;
    }
    ChainAudit predecessor = chains.get(named.chain());
    ChainHead head = predecessor == null ? null : predecessor.head();
    return head == null || head.sequence() < named.sequence();
  }

  private void settle() throws IOException {
    try {
      Thread.sleep(settled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What a chain's genesis says of the chain before, against what is stored of it. */
  private record Successors(Map<ChainId, ChainAudit> chains, ChainMemory memory) {
    void check() {
      Map<ChainId, ChainId> successors = new LinkedHashMap<>();
      for (ChainAudit chain : chains.values()) {
        Where where = chain.genesis();
        Body.Predecessor named = chain.predecessor();
        if (where != null && named != null) {
          ChainId rival = successors.putIfAbsent(named.chain(), chain.id());
          if (rival != null) {
            chain.fail(new Failure.RivalSuccessor(where, named.chain(), rival));
          }
          compare(chain, where, named);
        }
      }
    }

    private static Failure missing(Body.Predecessor named, long held, Where successor) {
      return new Failure.MissingTail(
          new Where(named.chain(), held + 1, successor.place()),
          named.chain(),
          named.sequence(),
          held);
    }

    private void compare(ChainAudit chain, Where where, Body.Predecessor named) {
      ChainAudit predecessor = chains.get(named.chain());
      ChainHead head = predecessor == null ? null : predecessor.head();
      if (predecessor == null || head == null) {
        chain.fail(missing(named, -1, where));
        return;
      }
      ChainMemory.State own = memory.state(chain.id());
      ChainMemory.State before = memory.state(named.chain());
      if (own != null && before != null && !own.collector().equals(before.collector())) {
        chain.fail(new Failure.ForeignSuccessor(where, before.collector(), own.collector()));
      } else if (named.sequence() > head.sequence()) {
        predecessor.fail(missing(named, head.sequence(), where));
      } else if (named.sequence() < head.sequence()) {
        chain.fail(
            new Failure.ForgottenTail(where, named.chain(), named.sequence(), head.sequence()));
      } else if (!named.link().equals(head.link())) {
        chain.fail(
            new Failure.OtherTail(
                where, named.chain(), named.sequence(), named.link(), head.link()));
      }
    }
  }
}
