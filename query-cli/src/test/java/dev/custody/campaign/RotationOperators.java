package dev.custody.campaign;

import dev.custody.admission.ChainVerifier;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.Signer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys that change. */
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
        of("change the key in the middle of a seal", 8, RotationOperators::insideSeal));
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
}
