package dev.custody.explain;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainMemory;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.Examiner;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.admission.Verdict;
import dev.custody.audit.BoundedChains;
import dev.custody.audit.Failure;
import dev.custody.audit.RecordSource;
import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.TrustJudge;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log and says what stands at a position: twice, because a revocation may stand anywhere
 * and names positions that came before it. One explainer answers one question.
 */
public final class Explainer {
  /** Links that are kept in memory; the others lie in a temporary file. */
  private static final long LINK_BYTES = 16 << 20;

  private final PositionQuery query;
  private final TrustedRoots roots;
  private final Map<ChainId, Found> found = new LinkedHashMap<>();
  private final Set<Revocation> revocations = new HashSet<>();
  private final KnownHistories histories = new KnownHistories();
  private final Map<ChainId, Set<Long>> named = new HashMap<>();
  private long damaged;

  /** Records of one chain before they are judged. */
  private static final class Found {
    private final List<Kept> records = new ArrayList<>();
    private final Set<Digest> namedNext = new HashSet<>();
    private @Nullable Digest before;
    private ChainMemory.@Nullable State state;
  }

  private record Kept(RecordSource.Place place, Verdict verdict, Envelope envelope) {}

  private Explainer(PositionQuery query, TrustedRoots roots) {
    this.query = query;
    this.roots = roots;
  }

  /**
   * What was found: of each chain that the query may mean, one.
   *
   * @param damaged records of these chains, by their Kafka key, of which no position can be read
   */
  public record Answer(List<Explanation> chains, long damaged) {
    /** Copies. */
    public Answer {
      chains = List.copyOf(chains);
    }
  }

  /** Reads all of {@code source}. */
  public static Answer explain(RecordSource source, TrustedRoots roots, PositionQuery query)
      throws IOException {
    Explainer explainer = new Explainer(query, roots);
    source.read(explainer.new Learning());
    try (RecordSource again = source.again()) {
      int count = again.begin();
      for (int partition = 0; partition < count; partition++) {
        try (BoundedChains memory = new BoundedChains(LINK_BYTES)) {
          again.read(partition, explainer.new Partition(memory));
        }
      }
    }
    return explainer.answer();
  }

  /** Takes what says something of other positions. */
  private final class Learning implements RecordSource.Sink {
    private final Examiner examiner = Examiner.inBulk();

    @Override
    public void record(RecordSource.Stored record) {
      if (examiner.examine(record.raw()) instanceof Examiner.Linked linked) {
        learn(linked.envelope().chain(), linked.envelope().sequence(), linked.event());
      }
    }

    @Override
    public void failure(Failure failure) {
      // `custody verify` reports what is wrong with the storage.
    }
  }

  /** Admits the records of one partition that may be meant. */
  private final class Partition implements RecordSource.Sink {
    private final Examiner examiner = Examiner.inBulk();
    private final ChainMemory memory;
    private final Admission admission;

    Partition(ChainMemory memory) {
      this.memory = memory;
      this.admission = new Admission(new ChainVerifier(roots, memory));
    }

    @Override
    public void record(RecordSource.Stored record) {
      Examiner.Examined examined = examiner.examine(record.raw());
      EnvelopeView envelope = examined.envelope();
      if (envelope == null) {
        byte[] key = record.key();
        damaged +=
            key != null && key.length == ChainId.SIZE && query.names(new ChainId(key)) ? 1 : 0;
        return;
      }
      if (query.names(envelope.chain())) {
        take(record.place(), examined, envelope.whole());
      }
    }

    private void take(RecordSource.Place place, Examiner.Examined examined, Envelope envelope) {
      Verdict verdict = admission.admit(examined).verdict();
      Found chain = found.computeIfAbsent(envelope.chain(), c -> new Found());
      Digest hash = Link.of(envelope).hash();
      long sequence = envelope.sequence();
      if (sequence == query.sequence()) {
        chain.records.add(new Kept(place, verdict, envelope));
      } else if (sequence == query.sequence() - 1 && verdict.admitted()) {
        chain.before = hash;
      } else if (sequence == query.sequence() + 1) {
        chain.namedNext.add(envelope.previous());
      }
      if (verdict.admitted()) {
        if (named.getOrDefault(envelope.chain(), Set.of()).contains(sequence)) {
          histories.stored(envelope.chain(), sequence, hash);
        }
        chain.state = memory.state(envelope.chain());
      }
    }

    @Override
    public void failure(Failure failure) {
      // `custody verify` reports what is wrong with the storage.
    }
  }

  private void learn(ChainId chain, long sequence, EventView event) {
    if (event.body() instanceof Body.KeyRevoked revoked) {
      try {
        revocations.add(Revocation.verify(revoked, roots));
        name(revoked.chain(), revoked.lastTrustedSequence());
      } catch (UntrustedException e) {
        // Nobody's statement takes trust away.
      }
    } else if (event.body() instanceof Body.Genesis genesis && sequence == 0) {
      histories.opened(chain, genesis);
      Body.Predecessor before = genesis.predecessor();
      if (before != null) {
        name(before.chain(), before.sequence());
      }
    }
  }

  private void name(ChainId chain, long sequence) {
    var _ = named.computeIfAbsent(chain, c -> new HashSet<>()).add(sequence);
  }

  private Answer answer() {
    TrustJudge judge = new Revocations(revocations).against(histories);
    List<Explanation> chains = new ArrayList<>();
    found.forEach((chain, of) -> chains.add(explanation(chain, of, judge)));
    return new Answer(chains, damaged);
  }

  private Explanation explanation(ChainId chain, Found of, TrustJudge judge) {
    ChainMemory.State state = of.state;
    List<Explanation.Stored> records = new ArrayList<>();
    for (Kept record : of.records) {
      Link link = Link.of(record.envelope());
      Digest hash = link.hash();
      records.add(
          new Explanation.Stored(
              record.place(),
              record.verdict(),
              record.envelope(),
              event(record.envelope()),
              link,
              hash,
              judge.of(chain, query.sequence(), hash, record.envelope().key())));
    }
    return new Explanation(
        chain,
        query.sequence(),
        state == null ? null : state.collector(),
        state == null ? null : state.keyAt(query.sequence()),
        query.sequence() == 0 ? Digest.ZERO : of.before,
        of.namedNext,
        state == null ? -1 : state.next() - 1,
        records);
  }

  private static @Nullable Event event(Envelope envelope) {
    try {
      return Formats.EVENT.decode(envelope.event().toByteArray());
    } catch (WireException e) {
      return null;
    }
  }
}
