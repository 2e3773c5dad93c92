package dev.custody.evidence;

import dev.custody.admission.Admission;
import dev.custody.admission.ChainMemory;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.Examiner;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.audit.BoundedChains;
import dev.custody.audit.Failure;
import dev.custody.audit.RecordSource;
import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.KeyId;
import dev.custody.event.Body;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a bundle needs from a log: the segments from its records, the proofs from its
 * mirror. It reads all records once, because a revocation may stand anywhere, and once more for the
 * first records of the chains that a revocation names.
 */
public final class LogEvidence implements AutoCloseable {
  /** Links that are kept in memory; the others lie in a temporary file. */
  private static final long LINK_BYTES = 16 << 20;

  private final RecordSource source;
  private final TrustedRoots roots;
  private final Path spool;
  private final Map<ChainId, SegmentSpool> segments = new LinkedHashMap<>();
  private final Map<ChainId, Body.Predecessor> predecessors = new HashMap<>();
  private final Map<ChainId, Integer> partitions = new HashMap<>();
  private final Set<Revocation> revocations = new HashSet<>();

  private LogEvidence(RecordSource source, TrustedRoots roots, Path spool) {
    this.source = source;
    this.roots = roots;
    this.spool = spool;
  }

  /**
   * Reads the log.
   *
   * @param wanted the positions to disclose
   * @param spool a directory for temporary files
   * @throws EvidenceException when a segment is not whole
   */
  public static LogEvidence read(
      RecordSource source,
      TrustedRoots roots,
      Map<ChainId, ? extends NavigableSet<Long>> wanted,
      Path spool)
      throws IOException, EvidenceException {
    LogEvidence evidence = new LogEvidence(source, roots, spool);
    try {
      evidence.collect(evidence.source, wanted);
      Map<ChainId, NavigableSet<Long>> between = evidence.between();
      if (!between.isEmpty()) {
        try (RecordSource again = source.again()) {
          evidence.collect(again, between);
        }
      }
      return evidence;
    } catch (IOException | EvidenceException | RuntimeException e) {
      evidence.close();
      throw e;
    }
  }

  private void collect(RecordSource from, Map<ChainId, ? extends NavigableSet<Long>> wanted)
      throws IOException, EvidenceException {
    int count = from.begin();
    for (int partition = 0; partition < count; partition++) {
      try (BoundedChains memory = new BoundedChains(LINK_BYTES)) {
        from.read(partition, new Partition(partition, wanted, memory));
      }
    }
    for (ChainId chain : wanted.keySet()) {
      SegmentSpool segment = segments.get(chain);
      long missing = segment == null ? 0 : segment.firstMissing();
      if (missing >= 0) {
        throw new EvidenceException(
            "%s#%d is not in the log, or does not verify: expected every position up to #%d"
                .formatted(chain.shortHex(), missing, wanted.get(chain).last()),
            "see what is wrong with it: custody explain %s#%d"
                .formatted(chain.shortHex(), missing));
      }
    }
  }

  /** Takes the records of one partition, those of wanted chains as admission does. */
  private final class Partition implements RecordSource.Sink {
    private final int number;
    private final Map<ChainId, ? extends NavigableSet<Long>> wanted;
    private final Examiner examiner = Examiner.inBulk();
    private final Admission admission;

    Partition(int number, Map<ChainId, ? extends NavigableSet<Long>> wanted, ChainMemory memory) {
      this.number = number;
      this.wanted = wanted;
      this.admission = new Admission(new ChainVerifier(roots, memory));
    }

    @Override
    public void record(RecordSource.Stored record) throws IOException {
      if (!(examiner.examine(record.raw()) instanceof Examiner.Linked linked)) {
        return;
      }
      EnvelopeView envelope = linked.envelope();
      @Nullable Body body = linked.event().body();
      learn(envelope, body);
      NavigableSet<Long> positions = wanted.get(envelope.chain());
      if (positions == null || !admission.admit(linked).verdict().admitted()) {
        return;
      }
      SegmentSpool segment = segments.get(envelope.chain());
      if (segment == null) {
        segment = new SegmentSpool(envelope.chain(), positions, number, spool);
        segments.put(envelope.chain(), segment);
      }
      segment.take(envelope, linked.link().event(), isNeverWithheld(body));
    }

    private void learn(EnvelopeView envelope, @Nullable Body body) {
      if (body instanceof Body.KeyRevoked revoked) {
        try {
          revocations.add(Revocation.verify(revoked, roots));
        } catch (UntrustedException e) {
          // Nobody's statement takes trust away.
        }
      } else if (body instanceof Body.Genesis genesis && envelope.sequence() == 0) {
        partitions.putIfAbsent(envelope.chain(), number);
        if (genesis.predecessor() != null) {
          predecessors.putIfAbsent(envelope.chain(), genesis.predecessor());
        }
      }
    }

    @Override
    public void failure(Failure failure) {
      // What is damaged is missing from a segment, or is not of one.
    }
  }

  private static boolean isNeverWithheld(@Nullable Body body) {
    return body instanceof Body.Genesis
        || body instanceof Body.KeyRotated
        || body instanceof Body.KeyRevoked;
  }

  /** The first position of each chain that leads from a revoked one to one that is disclosed. */
  private Map<ChainId, NavigableSet<Long>> between() throws IOException {
    Map<ChainId, NavigableSet<Long>> between = new LinkedHashMap<>();
    for (Revocation revocation : relevant().all()) {
      List<ChainId> path = new ArrayList<>();
      @Nullable ChainId at = revocation.chain();
      while (at != null && !path.contains(at) && path.size() < Evidence.MAX_CHAINS) {
        path.add(at);
        Body.Predecessor before = predecessors.get(at);
        at = before == null ? null : before.chain();
      }
      while (!path.isEmpty() && !segments.containsKey(path.getLast())) {
        path.removeLast();
      }
      for (ChainId chain : path) {
        if (!segments.containsKey(chain) && partitions.containsKey(chain)) {
          between.put(chain, new TreeSet<>(Set.of(0L)));
        }
      }
    }
    return between;
  }

  /** Revocations of a key that sealed something here, or that name a chain that is here. */
  private Revocations relevant() throws IOException {
    Set<KeyId> keys = new HashSet<>();
    for (SegmentSpool segment : segments.values()) {
      for (long sequence : segment.disclosed()) {
        Envelope envelope = segment.disclosed(sequence);
        if (envelope != null) {
          keys.add(envelope.key());
        }
      }
    }
    return new Revocations(
        revocations.stream()
            .filter(r -> keys.contains(r.key()) || segments.containsKey(r.chain()))
            .toList());
  }

  /**
   * The evidence, proven by what lies in {@code mirror}.
   *
   * @throws EvidenceException when no checkpoint covers all of it
   */
  public Evidence provenBy(Path mirror) throws IOException, EvidenceException {
    MirrorProofs proofs = MirrorProofs.open(mirror, roots);
    for (SegmentSpool segment : segments.values()) {
      proofs.want(segment.partition(), segment.chain(), segment.disclosed());
    }
    proofs.find();
    return new Evidence(
        roots, new Bytes(proofs.logs()), relevant(), List.copyOf(segments.values()), proofs);
  }

  @Override
  public void close() throws IOException {
    for (SegmentSpool segment : segments.values()) {
      segment.close();
    }
  }
}
