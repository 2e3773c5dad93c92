package dev.custody.audit;

import dev.custody.admission.Examiner.Linked;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.Trust;
import dev.custody.trust.TrustJudge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says of what was admitted whether it is still believed. A revocation may stand anywhere, also
 * before what it speaks of: so it is judged in further readings, which there are only where there
 * are revocations.
 */
public final class TrustAudit implements AdmittedSink {
  private final TrustedRoots roots;
  private final List<Revocation> revocations = new ArrayList<>();
  private final KnownHistories histories = new KnownHistories();
  private final Map<ChainId, Set<Long>> named = new HashMap<>();
  private final List<Failure> failures = new ArrayList<>();

  /**
   * Believes {@code roots}, and what they revoked elsewhere.
   *
   * @param known revocations that the auditor brings along
   */
  public TrustAudit(TrustedRoots roots, Revocations known) {
    this.roots = roots;
    this.revocations.addAll(known.all());
  }

  @Override
  public void admitted(int partition, long offset, Link link, Digest hash) {
    // The body is needed.
  }

  @Override
  public void admitted(int partition, long offset, Linked record) {
    switch (record.event().body()) {
      case Body.Genesis genesis -> opened(record.link().chain(), genesis);
      case Body.KeyRevoked revoked -> revoked(revoked, where(partition, offset, record.link()));
      case null, default -> {
        // Says nothing about keys.
      }
    }
  }

  private synchronized void opened(ChainId chain, Body.Genesis genesis) {
    histories.opened(chain, genesis);
    Body.Predecessor before = genesis.predecessor();
    if (before != null) {
      var _ = named.computeIfAbsent(before.chain(), c -> new HashSet<>()).add(before.sequence());
    }
  }

  private synchronized void revoked(Body.KeyRevoked body, Where where) {
    try {
      revocations.add(Revocation.verify(body, roots));
    } catch (UntrustedException e) {
      failures.add(new Failure.BadRevocation(where, String.valueOf(e.getMessage())));
    }
  }

  private static Where where(int partition, long offset, Link link) {
    return new Where(link.chain(), link.sequence(), new Place(partition, offset, null, 0));
  }

  /** The first untrusted record of each chain, once every record has come. */
  public List<Failure> finish(RecordSource source) throws IOException {
    if (revocations.isEmpty()) {
      return List.copyOf(failures);
    }
    revocations.forEach(r -> {
      var _ = named.computeIfAbsent(r.chain(), c -> new HashSet<>()).add(r.lastTrusted());
    });
    again(source, new Named());
    Judging judging = new Judging(new Revocations(revocations).against(histories));
    again(source, judging);
    failures.addAll(judging.failures());
    return List.copyOf(failures);
  }

  private void again(RecordSource source, AdmittedSink sink) throws IOException {
    try (RecordSource again = source.again()) {
      var _ = new Audit(roots, AuditOptions.DEFAULT.admitted(sink)).run(again, () -> {});
    }
  }

  /** Learns the links at the positions that revocations and geneses name. */
  private final class Named implements AdmittedSink {
    @Override
    public void admitted(int partition, long offset, Link link, Digest hash) {
      Set<Long> positions = named.get(link.chain());
      if (positions != null && positions.contains(link.sequence())) {
        synchronized (histories) {
          histories.stored(link.chain(), link.sequence(), hash);
        }
      }
    }
  }

  /** Judges every record; of each chain the first that is not believed is kept, and a count. */
  private static final class Judging implements AdmittedSink {
    private final TrustJudge judge;
    private final Map<ChainId, Untrusted> untrusted = new LinkedHashMap<>();

    private record Untrusted(Where first, String detail, long count) {}

    Judging(TrustJudge judge) {
      this.judge = judge;
    }

    @Override
    public void admitted(int partition, long offset, Link link, Digest hash) {
      // The key is needed.
    }

    @Override
    public void admitted(int partition, long offset, Linked record) {
      Link link = record.link();
      Trust trust = judge.of(link.chain(), link.sequence(), record.hash(), record.envelope().key());
      if (!trust.trusted()) {
        note(where(partition, offset, link), trust.detail());
      }
    }

    private synchronized void note(Where where, String detail) {
      var _ =
          untrusted.merge(
              java.util.Objects.requireNonNull(where.chain()),
              new Untrusted(where, detail, 1),
              (a, b) ->
                  new Untrusted(earlier(a.first(), b.first()), a.detail(), a.count() + b.count()));
    }

    private static Where earlier(Where a, Where b) {
      long first = java.util.Objects.requireNonNullElse(a.sequence(), 0L);
      long second = java.util.Objects.requireNonNullElse(b.sequence(), 0L);
      return second < first ? b : a;
    }

    List<Failure> failures() {
      return untrusted.values().stream()
          .<Failure>map(u ->
              new Failure.RevokedKey(
                  u.first(),
                  "%s; %d record%s of this chain"
                      .formatted(u.detail(), u.count(), u.count() == 1 ? "" : "s")))
          .toList();
    }
  }
}
