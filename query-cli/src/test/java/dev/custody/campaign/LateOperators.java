package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.signing.Signer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Records that come late: into a gap, or far behind their chain. */
final class LateOperators {
  private LateOperators() {}

  static List<Operator> all() {
    return List.of(
        of("fill a gap with another past", 10, LateOperators::fillOtherPast),
        of("fill a gap with another record", 10, LateOperators::fillOtherRecord),
        of("fill a gap with a rotation", 8, LateOperators::fillRotation),
        of("stop where the chain went on", 8, LateOperators::stopInGap),
        of("fork a chain far behind its back", 1, LateOperators::forkFar),
        new Operator("store an old record again", 1, Target.CHAIN, 1, LateOperators::replay));
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 2, Target.CHAIN, weight, maker);
  }

  private static long time(ChainView chain) {
    return chain.event(chain.head().sequence()).observedAt().toEpochMilli();
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

  /** Behind the links that admission keeps: the audit looks them up. */
  private static Mutation forkFar(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.longest();
    ChainView chain = worlds.longestChain();
    Stored s = log.stored(chain.partition(), chain.firstAt(1 + random.nextInt(200)));
    Envelope rival = Forged.rival(s, Forged.event(log.name(), s.row().timestamp()));
    int end = log.partitions().get(chain.partition()).size();
    Expected expected = Expected.at(new Spot(chain.partition(), end), "Fork");
    return KeyOperators.insert(
        log, chain.partition(), end, expected, Row.of(rival, s.row().timestamp()));
  }

  private static Mutation replay(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.longest();
    ChainView chain = worlds.longestChain();
    Stored s = log.stored(chain.partition(), chain.firstAt(random.nextInt(200)));
    int end = log.partitions().get(chain.partition()).size();
    Expected expected = Expected.at(new Spot(chain.partition(), end), "Replayed");
    return KeyOperators.insert(log, chain.partition(), end, expected, s.row());
  }
}
