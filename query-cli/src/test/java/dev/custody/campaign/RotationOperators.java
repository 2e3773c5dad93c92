package dev.custody.campaign;

import dev.custody.admission.ChainVerifier;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.Signer;
import dev.custody.trust.KnownHistories;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import dev.custody.trust.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys that change, and keys that are trusted no longer. */
final class RotationOperators {
  private RotationOperators() {}

  static List<Operator> all() {
    return List.of(
        rotation("change to a key that no root vouches for", "UnknownSigner", 8, Kind.UNVOUCHED),
        rotation("change to a key of another role", "UnknownSigner", 6, Kind.OTHER_ROLE),
        rotation("change to another collector's key", "BadRotation", 8, Kind.OTHER_COLLECTOR),
        rotation("change to a key that the chain had", "BadRotation", 8, Kind.OLD_KEY),
        of("change the key more often than a chain may", 1, RotationOperators::tooManyKeys),
        of("seal on with the key before a rotation", 10, RotationOperators::oldKey),
        of("seal with the key of a later rotation", 10, RotationOperators::newKey),
        of("seal over a rotation", 10, RotationOperators::spanning),
        of("seal back over a rotation", 10, RotationOperators::spanningBack),
        of("change the key in the middle of a seal", 8, RotationOperators::insideSeal),
        of("fill a gap with another past", 10, RotationOperators::fillOtherPast),
        of("fill a gap with another record", 10, RotationOperators::fillOtherRecord),
        of("fill a gap with a rotation", 8, RotationOperators::fillRotation),
        of("stop where the chain went on", 8, RotationOperators::stopInGap),
        trust("use a revoked key", 2, Claim.AFTER),
        trust("use a revoked key in another chain", 2, Claim.ANOTHER_CHAIN),
        trust("show another history to a revocation", 2, Claim.ANOTHER_HISTORY),
        root("offer a root that the trusted one did not sign", RotationOperators::oneWay),
        root("offer a root that did not sign the trusted one", RotationOperators::otherWay),
        root("take another role's certificate for a root's", RotationOperators::notARoot),
        new Operator("forge a revocation", 1, Target.TRUST, 10, RotationOperators::forged),
        new Operator("respell a revocation", 1, Target.TRUST, 10, RotationOperators::respelled));
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 2, Target.CHAIN, weight, maker);
  }

  // --- rotations

  private enum Kind {
    UNVOUCHED,
    OTHER_ROLE,
    OTHER_COLLECTOR,
    OLD_KEY
  }

  private static Operator rotation(String name, String verdict, int weight, Kind kind) {
    return of(
        name,
        weight,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          ChainView chain = log.anyChain(random);
          return chain.successor() != null || chain.stopped()
              ? null
              : atEnd(log, chain, certificate(chain, kind, random), verdict);
        });
  }

  private static Bytes certificate(ChainView chain, Kind kind, SplittableRandom random) {
    Signer next = Organisation.thief();
    String own = Organisation.collector(chain.collector());
    return switch (kind) {
      case UNVOUCHED ->
          Organisation.certificate(
              CertificateRole.COLLECTOR,
              own,
              next,
              random.nextBoolean() ? next : Organisation.STRANGER);
      case OTHER_ROLE ->
          Organisation.certificate(CertificateRole.HUMAN, own, next, Organisation.ROOT);
      case OTHER_COLLECTOR -> Organisation.certificate(chain.collector() + 1, next);
      case OLD_KEY ->
          Organisation.certificate(
              chain.collector(), chain.signerAt(random.nextInt(chain.size() + 1)));
    };
  }

  private static long time(ChainView chain) {
    return chain.event(chain.head().sequence()).observedAt().toEpochMilli();
  }

  private static Mutation atEnd(CleanLog log, ChainView chain, Bytes certificate, String verdict) {
    long at = time(chain);
    Envelope e =
        Forged.next(
            chain.head(),
            Forged.event(log.name(), at, new Body.KeyRotated(certificate)),
            chain.signerAt(chain.size()));
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), verdict),
        Row.of(e, at));
  }

  private static @Nullable Mutation tooManyKeys(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = time(chain);
    List<Row> rows = new ArrayList<>();
    ChainHead head = chain.head();
    Signer signer = chain.signerAt(chain.size());
    for (int key = chain.keys(); key <= ChainVerifier.MAX_KEYS; key++) {
      Signer next = Organisation.signer(chain.collector(), 100 + key);
      Bytes certificate = Organisation.certificate(chain.collector(), next);
      Envelope e =
          Forged.next(
              head, Forged.event(log.name() + key, at, new Body.KeyRotated(certificate)), signer);
      rows.add(Row.of(e, at));
      head = new ChainHead(head.chain(), e.sequence(), dev.custody.chain.Link.of(e).hash());
      signer = next;
    }
    int end = log.partitions().get(chain.partition()).size();
    Spot last = new Spot(chain.partition(), end + rows.size() - 1);
    return KeyOperators.insert(
        log, chain.partition(), end, Expected.at(last, "BadRotation"), rows.toArray(Row[]::new));
  }

  private static @Nullable ChainView rotated(CleanLog log, SplittableRandom random) {
    ChainView chain = log.anyChain(random);
    return chain.rotatedBefore().isEmpty() ? null : chain;
  }

  private static Mutation end(CleanLog log, ChainView chain, Envelope e, String verdict) {
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), verdict),
        Row.of(e, time(chain)));
  }

  private static @Nullable Mutation oldKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = rotated(log, random);
    return chain == null
        ? null
        : end(
            log,
            chain,
            Forged.next(chain.head(), Forged.event(log.name(), time(chain)), chain.signerAt(0)),
            "WrongKey");
  }

  private static @Nullable Mutation newKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = rotated(log, random);
    if (chain == null) {
      return null;
    }
    long sequence = random.nextLong(chain.rotatedBefore().getFirst());
    Envelope e =
        Forged.sealed(
            chain.id(),
            sequence,
            chain.envelope(sequence).previous(),
            Forged.event(log.name(), time(chain)),
            chain.signerAt(chain.size()));
    return end(log, chain, e, "WrongKey");
  }

  /** By the key before: from before the rotation to after it. */
  private static @Nullable Mutation spanning(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = rotated(log, random);
    if (chain == null) {
      return null;
    }
    long first = chain.rotatedBefore().getFirst();
    Envelope e =
        Forged.sealed(
            chain.id(),
            first - 1,
            chain.envelope(first - 1).previous(),
            Forged.event(log.name(), time(chain)),
            chain.signerAt(first - 1),
            first - 1,
            2);
    return end(log, chain, e, "BadSeal");
  }

  /** By the key after: from before the rotation on. */
  private static @Nullable Mutation spanningBack(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = rotated(log, random);
    if (chain == null) {
      return null;
    }
    long first = chain.rotatedBefore().getLast();
    long sequence = Math.min(first, chain.size() - 1);
    if (sequence < first) {
      return null;
    }
    Envelope e =
        Forged.sealed(
            chain.id(),
            sequence,
            chain.envelope(sequence).previous(),
            Forged.event(log.name(), time(chain)),
            chain.signerAt(first),
            first - 1,
            2);
    return end(log, chain, e, "BadSeal");
  }

  private static @Nullable Mutation insideSeal(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainHead head = chain.head();
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    Bytes certificate = Organisation.certificate(chain.collector(), Organisation.thief());
    Envelope e =
        Forged.sealed(
            chain.id(),
            head.sequence() + 1,
            head.link(),
            Forged.event(log.name(), time(chain), new Body.KeyRotated(certificate)),
            chain.signerAt(chain.size()),
            head.sequence() + 1,
            2 + random.nextInt(9));
    return end(log, chain, e, "BadSeal");
  }

  // --- late records

  /** A gap behind the newest record of a chain, and what a thief fills it with. */
  private static @Nullable Mutation gap(
      Worlds worlds, SplittableRandom random, GapFilling filling, String verdict) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    ChainHead head = chain.head();
    long at = time(chain);
    Signer signer = chain.signerAt(chain.size());
    long sequence = head.sequence() + 1;
    Envelope honest = Forged.next(head, Forged.event(log.name(), at), signer);
    Envelope after =
        Forged.sealed(
            chain.id(),
            sequence + 1,
            dev.custody.chain.Link.of(honest).hash(),
            Forged.event(log.name() + ", after", at),
            signer);
    Envelope filled = filling.fill(chain, head, at, signer, log);
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end + 1), verdict),
        Row.of(after, at),
        Row.of(filled, at));
  }

  /** What comes late. */
  @FunctionalInterface
  private interface GapFilling {
    Envelope fill(ChainView chain, ChainHead head, long at, Signer signer, CleanLog log);
  }

  /** The one behind it names it: only its own past gives it away. */
  private static @Nullable Mutation fillOtherPast(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = time(chain);
    Signer signer = chain.signerAt(chain.size());
    long sequence = chain.head().sequence() + 1;
    Digest otherPast = Digest.sha256(new byte[] {(byte) random.nextInt()});
    Envelope late =
        Forged.sealed(chain.id(), sequence, otherPast, Forged.event(log.name(), at), signer);
    Envelope after =
        Forged.sealed(
            chain.id(),
            sequence + 1,
            dev.custody.chain.Link.of(late).hash(),
            Forged.event(log.name() + ", after", at),
            signer);
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end + 1), "Fork"),
        Row.of(after, at),
        Row.of(late, at));
  }

  private static @Nullable Mutation fillOtherRecord(Worlds worlds, SplittableRandom random) {
    return gap(
        worlds,
        random,
        (chain, head, at, signer, log) ->
            Forged.next(head, Forged.event(log.name() + ", other", at), signer),
        "Fork");
  }

  /** It goes with what comes after, and no rotation may come late. */
  private static @Nullable Mutation fillRotation(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = time(chain);
    Signer signer = chain.signerAt(chain.size());
    Body rotation =
        new Body.KeyRotated(Organisation.certificate(chain.collector(), Organisation.thief()));
    Envelope late = Forged.next(chain.head(), Forged.event(log.name(), at, rotation), signer);
    Envelope after =
        Forged.sealed(
            chain.id(),
            late.sequence() + 1,
            dev.custody.chain.Link.of(late).hash(),
            Forged.event(log.name(), at),
            signer);
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end + 1), "BadRotation"),
        Row.of(after, at),
        Row.of(late, at));
  }

  /** A stop that comes late, when the chain has gone on behind it. */
  private static @Nullable Mutation stopInGap(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = time(chain);
    ChainHead head = chain.head();
    Signer signer = chain.signerAt(chain.size());
    Envelope stop =
        Forged.next(
            head,
            Forged.event(log.name(), at, new Body.CollectorStopped(head.sequence(), head.link())),
            signer);
    Envelope after =
        Forged.sealed(
            chain.id(),
            stop.sequence() + 1,
            dev.custody.chain.Link.of(stop).hash(),
            Forged.event(log.name(), at),
            signer);
    int end = log.partitions().get(chain.partition()).size();
    return KeyOperators.insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), "AfterStop"),
        Row.of(after, at),
        Row.of(stop, at));
  }

  // --- revocations

  private enum Claim {
    AFTER(Trust.Why.AFTER_THE_LAST_TRUSTED),
    ANOTHER_CHAIN(Trust.Why.ANOTHER_CHAIN),
    ANOTHER_HISTORY(Trust.Why.ANOTHER_HISTORY);

    private final Trust.Why why;

    Claim(Trust.Why why) {
      this.why = why;
    }
  }

  private static Operator trust(String name, int level, Claim claim) {
    return new Operator(
        name,
        level,
        Target.TRUST,
        10,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          Revocation revocation = log.revocation();
          if (revocation == null) {
            return null;
          }
          ChainView chain = log.chain(revocation.chain());
          return new Mutation(
              log.name() + ", " + claim,
              false,
              Expected.of(claim.why.name()),
              () -> judge(log, revocation, chain, claim, random.nextInt(1, 1000)));
        });
  }

  private static Judgement judge(
      CleanLog log, Revocation revocation, ChainView chain, Claim claim, int by) {
    KnownHistories known = new KnownHistories();
    for (ChainView each : log.chains()) {
      if (each.body(0) instanceof Body.Genesis genesis) {
        known.opened(each.id(), genesis);
      }
      known.stored(each.id(), each.head().sequence(), each.head().link());
    }
    Digest forged = Digest.sha256(new byte[] {(byte) by});
    if (claim == Claim.ANOTHER_HISTORY) {
      known.stored(chain.id(), revocation.lastTrusted(), forged);
    }
    var judge = new Revocations(List.of(revocation)).against(known);
    Map<Claim, Trust> trust =
        Map.of(
            Claim.AFTER,
            judge.of(chain.id(), revocation.lastTrusted() + by, forged, revocation.key()),
            Claim.ANOTHER_CHAIN,
            judge.of(new dev.custody.digest.ChainId(new byte[16]), by, forged, revocation.key()),
            Claim.ANOTHER_HISTORY,
            judge.of(chain.id(), 0, chain.linkHash(0), revocation.key()));
    return trust.get(claim) instanceof Trust.Untrusted untrusted
        ? Judgement.of(untrusted.why().name(), untrusted.detail())
        : Judgement.CLEAN;
  }

  private static @Nullable Mutation forged(Worlds worlds, SplittableRandom random) {
    Revocation clean = worlds.any(random).revocation();
    if (clean == null) {
      return null;
    }
    Body.KeyRevoked b = clean.body();
    Signer thief = Organisation.thief();
    List<Body.KeyRevoked> forged = new ArrayList<>();
    forged.add(
        Revocation.sign(
                thief, b.key(), b.chain(), b.lastTrustedSequence(), b.lastTrustedLink(), "r")
            .body());
    forged.add(
        new Body.KeyRevoked(
            b.key(),
            b.chain(),
            b.lastTrustedSequence() + random.nextInt(1, 99),
            b.lastTrustedLink(),
            b.reason(),
            b.rootKey(),
            b.signature()));
    forged.add(
        new Body.KeyRevoked(
            thief.keyId(),
            b.chain(),
            b.lastTrustedSequence(),
            b.lastTrustedLink(),
            b.reason(),
            b.rootKey(),
            b.signature()));
    Body.KeyRevoked one = forged.get(random.nextInt(forged.size()));
    return new Mutation(
        "revocation of " + b.key().shortHex(),
        false,
        Expected.of("UntrustedRevocation"),
        () -> {
          try {
            var _ = Revocation.verify(one, Organisation.roots());
            return Judgement.CLEAN;
          } catch (UntrustedException e) {
            return Judgement.of("UntrustedRevocation", e.getMessage());
          }
        });
  }

  private static @Nullable Mutation respelled(Worlds worlds, SplittableRandom random) {
    Revocation clean = worlds.any(random).revocation();
    if (clean == null) {
      return null;
    }
    String line = clean.fileText().stripTrailing();
    int at = random.nextInt(line.length());
    String changed =
        random.nextInt(4) == 0
            ? line + " "
            : line.substring(0, at) + (char) (' ' + random.nextInt(95)) + line.substring(at + 1);
    return new Mutation(
        "line of " + clean.key().shortHex(),
        changed.equals(line),
        Expected.of("UntrustedRevocation"),
        () -> {
          try {
            var _ = Revocation.parse(changed, Organisation.roots());
            return Judgement.CLEAN;
          } catch (UntrustedException e) {
            return Judgement.of("UntrustedRevocation", e.getMessage());
          }
        });
  }

  // --- roots

  private static Operator root(String name, java.util.function.Supplier<TrustedRoots> offered) {
    return new Operator(
        name,
        1,
        Target.TRUST,
        6,
        (worlds, random) ->
            new Mutation(
                "two roots",
                false,
                Expected.of("UntrustedRoot"),
                () ->
                    Organisation.roots().extendedBy(offered.get()).publicKeys().size() == 1
                        ? Judgement.of("UntrustedRoot", "not cross-signed")
                        : Judgement.CLEAN));
  }

  private static Bytes vouching(CertificateRole role, Signer subject, Signer issuer) {
    return Organisation.certificate(role, "root", subject, issuer);
  }

  private static TrustedRoots offering(Bytes... crosses) {
    return new TrustedRoots(
        List.of(Organisation.ROOT.publicKey(), Organisation.STRANGER.publicKey()),
        List.of(crosses));
  }

  private static TrustedRoots oneWay() {
    return offering(vouching(CertificateRole.ROOT, Organisation.ROOT, Organisation.STRANGER));
  }

  private static TrustedRoots otherWay() {
    return offering(vouching(CertificateRole.ROOT, Organisation.STRANGER, Organisation.ROOT));
  }

  private static TrustedRoots notARoot() {
    return offering(
        vouching(CertificateRole.ROOT, Organisation.ROOT, Organisation.STRANGER),
        vouching(CertificateRole.COLLECTOR, Organisation.STRANGER, Organisation.ROOT));
  }
}
