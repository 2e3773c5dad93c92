package dev.custody.admission;

import dev.custody.admission.ChainMemory.KeyEpoch;
import dev.custody.admission.ChainMemory.LinkAt;
import dev.custody.admission.ChainMemory.Missing;
import dev.custody.admission.ChainMemory.State;
import dev.custody.chain.ChainHead;
import dev.custody.chain.EnvelopeView;
import dev.custody.chain.Seal;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.event.EventView;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.PublicKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides of each envelope whether it belongs to its chain: one verifier for admission in the
 * stream and for auditors. It looks at the envelope, the trusted roots and its {@link ChainMemory},
 * never at a clock.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChainVerifier {
  /**
   * Link hashes kept of each chain, by which repeats and forks are told apart; no publisher has
   * more unacknowledged.
   */
  public static final int LINKS_KEPT = 4096;

  /** Keys that may seal one chain, one after another. */
  public static final int MAX_KEYS = 64;

  private static final int MAX_GAPS = 64;
  private static final int CACHED_SEALS = 256;

  private final TrustedRoots roots;
  private final ChainMemory memory;
  private final Signatures signatures;

  // Verdicts of signatures, by all that goes into them: a seal's other envelopes need no second
  // Ed25519.
  private final Map<SealCheck, Boolean> seals =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SealCheck, Boolean> eldest) {
          return size() > CACHED_SEALS;
        }
      };

  // The one that held last: most often it is the next one's too.
  private @Nullable SealCheck held;

  private record SealCheck(Seal seal, SignatureBytes signature, Bytes publicKey) {}

  /** Which signatures are checked; the verdicts are the same. */
  public enum Signatures {
    /** Each seal's once: the verdict is remembered by the whole statement, signature and key. */
    SEALS,
    /** Every envelope's, and nothing is remembered. */
    ALL
  }

  /** Trusts {@code roots} and remembers in {@code memory}. */
  public ChainVerifier(TrustedRoots roots, ChainMemory memory) {
    this(roots, memory, Signatures.SEALS);
  }

  /** Checks those {@code signatures}. */
  public ChainVerifier(TrustedRoots roots, ChainMemory memory, Signatures signatures) {
    this.roots = roots;
    this.memory = memory;
    this.signatures = signatures;
  }

  /**
   * The verdict on {@code envelope}; when it is an admitting one, the memory has taken the position
   * in.
   *
   * @param event what {@link EnvelopeView#event()} says
   * @param link the link hash of {@code envelope}
   * @param seal the seal that it claims to be under, null when there can be no such seal
   */
  Verdict check(EnvelopeView envelope, EventView event, Digest link, @Nullable Seal seal) {
    State known = memory.state(envelope.chain());
    State state = known;
    if (envelope.sequence() == 0 && known == null) {
      try {
        state = begin(envelope, event);
      } catch (Refused refused) {
        return refused.verdict;
      }
    }
    if (state == null) {
      return new Verdict.NoGenesis(envelope.sequence());
    }
    Verdict refusal = authentic(envelope, event, seal, state);
    if (refusal != null) {
      return refusal;
    }
    try {
      return place(envelope, event, link, state);
    } catch (Refused refused) {
      return refused.verdict;
    }
  }

  /** Carries a verdict out of the opening of a chain, or of the change of its key. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Verdict verdict;

    Refused(Verdict verdict) {
      super(verdict.detail());
      this.verdict = verdict;
    }
  }

  private State begin(EnvelopeView envelope, EventView event) throws Refused {
    ChainId own = ChainId.ofGenesis(envelope.event().toByteArray());
    if (!own.equals(envelope.chain())) {
      throw new Refused(
          new Verdict.BadGenesis(
              "expected chain " + own + " of this genesis, found " + envelope.chain()));
    }
    if (!(event.body() instanceof Body.Genesis genesis)) {
      throw new Refused(new Verdict.BadGenesis("expected Genesis at #0, found " + event.type()));
    }
    if (!envelope.previous().equals(Digest.ZERO)) {
      throw new Refused(
          new Verdict.BadGenesis("expected zeros before #0, found " + envelope.previous()));
    }
    Certificate certificate = collector(genesis.certificate());
    return new State(certificate.subject(), List.of(epoch(0, certificate)), 0, List.of());
  }

  private Certificate collector(Bytes signed) throws Refused {
    try {
      Certificate certificate = roots.verify(signed);
      if (certificate.role() != CertificateRole.COLLECTOR
          || !certificate.algorithm().equals("Ed25519")) {
        throw new Refused(
            new Verdict.UnknownSigner(
                certificate.role() == CertificateRole.COLLECTOR
                    ? "expected an Ed25519 key, found " + certificate.algorithm()
                    : "expected the certificate of a COLLECTOR, found " + certificate.role()));
      }
      return certificate;
    } catch (UntrustedException e) {
      throw new Refused(new Verdict.UnknownSigner(e.getMessage()));
    }
  }

  private static KeyEpoch epoch(long first, Certificate certificate) {
    return new KeyEpoch(
        first,
        KeyId.ofPublicKey(certificate.publicKey().toByteArray()),
        certificate.publicKey(),
        certificate.notBefore(),
        certificate.notAfter());
  }

  /** The state from {@code envelope} on, the newest of its chain: rotated, where that says so. */
  private State keyedAfter(EnvelopeView envelope, EventView event, State state) throws Refused {
    if (!(event.body() instanceof Body.KeyRotated rotation)) {
      return state;
    }
    Certificate certificate = collector(rotation.certificate());
    KeyEpoch next = epoch(envelope.sequence() + 1, certificate);
    if (!certificate.subject().equals(state.collector())) {
      throw new Refused(
          new Verdict.BadRotation(
              "expected a certificate of %s, found one of %s"
                  .formatted(state.collector(), certificate.subject())));
    }
    if (state.keys().stream().anyMatch(k -> k.key().equals(next.key()))) {
      throw new Refused(
          new Verdict.BadRotation(
              "expected a key that never sealed this chain, found %s".formatted(next.key())));
    }
    if (state.keys().size() == MAX_KEYS) {
      throw new Refused(
          new Verdict.BadRotation("expected at most %d keys of a chain".formatted(MAX_KEYS)));
    }
    List<KeyEpoch> keys = new ArrayList<>(state.keys());
    keys.add(next);
    return new State(state.collector(), keys, state.next(), state.gaps());
  }

  private @Nullable Verdict authentic(
      EnvelopeView envelope, EventView event, @Nullable Seal seal, State state) {
    KeyEpoch epoch = state.keyAt(envelope.sequence());
    if (!envelope.key().equals(epoch.key())) {
      return new Verdict.WrongKey(
          "expected key %s of %s, found %s"
              .formatted(epoch.key(), state.collector(), envelope.key()));
    }
    if (seal == null) {
      return new Verdict.BadSeal(
          "#%d cannot be in a seal of %d from #%d with a path of %d"
              .formatted(
                  envelope.sequence(),
                  envelope.sealSize(),
                  envelope.sealFirst(),
                  envelope.path().length()));
    }
    boolean rotates = event.body() instanceof Body.KeyRotated;
    long last = rotates ? envelope.sequence() : state.lastOf(epoch);
    if (seal.first() < epoch.first() || seal.first() + seal.size() - 1 > last) {
      return new Verdict.BadSeal(
          "a seal of %d from #%d spans the rotation of the key at #%d"
              .formatted(
                  seal.size(),
                  seal.first(),
                  seal.first() < epoch.first() ? epoch.first() - 1 : last));
    }
    if (!isSigned(new SealCheck(seal, envelope.signature(), epoch.publicKey()))) {
      return new Verdict.BadSeal(
          "key %s did not sign root %s over %d links from #%d"
              .formatted(seal.key(), seal.root(), seal.size(), seal.first()));
    }
    if (event.observedAt().isBefore(epoch.notBefore())
        || !event.observedAt().isBefore(epoch.notAfter())) {
      return new Verdict.KeyOutsideValidity(
          "observed at %s, the certificate is valid from %s until %s"
              .formatted(event.observedAt(), epoch.notBefore(), epoch.notAfter()));
    }
    return null;
  }

  private boolean isSigned(SealCheck check) {
    if (signatures == Signatures.ALL) {
      return holds(check);
    }
    if (check.equals(held)) {
      return true;
    }
    boolean holds = seals.computeIfAbsent(check, ChainVerifier::holds);
    held = holds ? check : held;
    return holds;
  }

  private static boolean holds(SealCheck check) {
    return PublicKeys.verifies(check.publicKey(), check.signature(), check.seal().statement());
  }

  private Verdict place(EnvelopeView envelope, EventView event, Digest link, State state)
      throws Refused {
    long sequence = envelope.sequence();
    if (sequence < state.next()) {
      return placeInThePast(envelope, event, link, state);
    }
    if (sequence == state.next()) {
      LinkAt head = memory.linkAt(envelope.chain(), sequence - 1);
      if (head != null && !head.hash().equals(envelope.previous())) {
        return new Verdict.Fork(sequence - 1, head.hash(), envelope.previous());
      }
      take(envelope, link, keyedAfter(envelope, event, state), state.gaps());
      return new Verdict.Intact(new ChainHead(envelope.chain(), sequence, link));
    }
    State keyed = keyedAfter(envelope, event, state);
    List<Missing> gaps = new ArrayList<>(state.gaps());
    gaps.add(new Missing(state.next(), sequence - 1, state.next(), event.observedAt()));
    if (gaps.size() > MAX_GAPS) {
      gaps.removeFirst();
    }
    take(envelope, link, keyed, gaps);
    return new Verdict.Gap(new ChainHead(envelope.chain(), sequence, link), state.next());
  }

  private Verdict placeInThePast(EnvelopeView envelope, EventView event, Digest link, State state) {
    ChainId chain = envelope.chain();
    long sequence = envelope.sequence();
    LinkAt kept = memory.linkAt(chain, sequence);
    if (kept != null) {
      return kept.hash().equals(link)
          ? new Verdict.Repeat(sequence)
          : new Verdict.Fork(sequence, kept.hash(), link);
    }
    for (Missing gap : state.gaps()) {
      if (sequence >= gap.first() && sequence <= gap.last()) {
        return fillGap(envelope, event, link, state, gap);
      }
    }
    return new Verdict.Stale(sequence, Math.max(0, state.next() - LINKS_KEPT));
  }

  private Verdict fillGap(
      EnvelopeView envelope, EventView event, Digest link, State state, Missing gap) {
    ChainId chain = envelope.chain();
    long sequence = envelope.sequence();
    LinkAt before = memory.linkAt(chain, sequence - 1);
    if (before != null && !before.hash().equals(envelope.previous())) {
      return new Verdict.Fork(sequence - 1, before.hash(), envelope.previous());
    }
    LinkAt after = memory.linkAt(chain, sequence + 1);
    if (after != null && !after.previous().equals(link)) {
      return new Verdict.Fork(sequence, after.previous(), link);
    }
    if (event.body() instanceof Body.KeyRotated) {
      // Behind every gap a record under the same key is held: its seal would be by a key that was
      // no longer in force.
      return new Verdict.BadRotation(
          "the rotation at #%d arrives late: later positions are held under key %s"
              .formatted(sequence, envelope.key()));
    }
    List<Missing> gaps = new ArrayList<>(state.gaps());
    int at = gaps.indexOf(gap);
    gaps.remove(at);
    if (gap.last() > sequence) {
      gaps.add(at, new Missing(sequence + 1, gap.last(), gap.reported(), gap.reportedAt()));
    }
    if (gap.first() < sequence) {
      gaps.add(at, new Missing(gap.first(), sequence - 1, gap.reported(), gap.reportedAt()));
    }
    memory.keep(chain, sequence, new LinkAt(link, envelope.previous()));
    memory.remember(chain, state.with(state.next(), gaps));
    boolean closed = gaps.stream().noneMatch(g -> g.reported() == gap.reported());
    return new Verdict.LateFit(new ChainHead(chain, sequence, link), closed, gap);
  }

  private void take(EnvelopeView envelope, Digest link, State state, List<Missing> gaps) {
    ChainId chain = envelope.chain();
    memory.keep(chain, envelope.sequence(), new LinkAt(link, envelope.previous()));
    long next = envelope.sequence() + 1;
    // After a gap several positions leave the window at once; those that were missing are not there
    // to forget.
    for (long old = Math.max(0, state.next() - LINKS_KEPT);
        old < Math.min(state.next(), next - LINKS_KEPT);
        old++) {
      memory.forget(chain, old);
    }
    memory.remember(chain, state.with(next, gaps));
  }
}
