package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a thief of a collector's key can write, who can write to the storage too. */
final class KeyOperators {
  private KeyOperators() {}

  static List<Operator> all() {
    return List.of(
        of("fork a chain behind its back", 20, KeyOperators::fork),
        of("replace a record by a signed one", 20, KeyOperators::replace),
        of(
            "replace the last record of a chain",
            10,
            (worlds, random) -> replaceLast(worlds, random, false)),
        of(
            "replace the last record of a chain that has a successor",
            10,
            (worlds, random) -> replaceLast(worlds, random, true)),
        of("stop twice", 6, KeyOperators::stopTwice),
        of("sign an event that is too large", 1, KeyOperators::tooLarge),
        of("write on after a stop", 8, KeyOperators::afterStop),
        of("write on in a chain that has a successor", 10, KeyOperators::forgottenTail),
        of("write on in the newest chain", 8, KeyOperators::undetectable),
        of("skip positions", 8, KeyOperators::skip),
        of("open a rival successor", 10, KeyOperators::rivalSuccessor),
        of("open another collector's successor", 8, KeyOperators::foreignSuccessor),
        of("set a collector's state back", 10, KeyOperators::rolledBack),
        of("stop falsely", 8, KeyOperators::falseStop),
        of("seal with numbers that no seal has", 10, KeyOperators::sealNumbers),
        of("write under a key that no root knows", 8, KeyOperators::unknownKey),
        of("open a chain with a certificate of one's own", 8, KeyOperators::ownCertificate),
        of("open a chain with a certificate of another role", 8, KeyOperators::otherRole),
        of("open a chain under somebody else's certificate", 8, KeyOperators::otherKey),
        of("begin a chain with another event", 8, KeyOperators::noGenesis),
        of("give a chain another's id", 8, KeyOperators::otherId),
        of("give a genesis a past", 5, KeyOperators::genesisWithPast),
        of("write when the certificate has ended", 8, KeyOperators::expired),
        of("write before the certificate begins", 8, KeyOperators::notYetValid));
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 2, Target.CHAIN, weight, maker);
  }

  /** Inserts a row, or more of them one after another. */
  static Mutation insert(CleanLog log, int partition, int at, Expected expected, Row... rows) {
    List<List<Row>> partitions = log.copy();
    partitions.get(partition).addAll(at, List.of(rows));
    return new Mutation(
        "%s, at %d:%d".formatted(log.name(), partition, at),
        false,
        expected,
        () -> Auditing.records(partitions));
  }

  /** Inserts a row anywhere from {@code from} on, where it must be given away. */
  private static Mutation insertFrom(
      CleanLog log, SplittableRandom random, int partition, int from, Row row, String... names) {
    int size = log.partitions().get(partition).size();
    int at = from + random.nextInt(size - from + 1);
    return insert(log, partition, at, Expected.at(new Spot(partition, at), names), row);
  }

  private static Row row(Envelope envelope, long observedAt) {
    return Row.of(envelope, observedAt);
  }

  // --- another history

  private static Mutation fork(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored s = log.anyRecord(random);
    long at = s.row().timestamp();
    Envelope rival = Forged.rival(s, Forged.event(log.name(), at));
    int after = s.chain().firstAt(s.sequence()) + 1;
    return insertFrom(log, random, s.partition(), after, row(rival, at), "Fork");
  }

  private static @Nullable Mutation replace(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored s = log.anyRecord(random);
    ChainView chain = s.chain();
    if (!s.isFirstCopy() || !chain.isHeartbeat(s.sequence()) || s.sequence() + 1 == chain.size()) {
      return null;
    }
    Envelope rival = Forged.rival(s, Forged.event(log.name(), s.row().timestamp()));
    List<List<Row>> partitions = log.copy();
    partitions.get(s.partition()).set(s.index(), row(rival, s.row().timestamp()));
    // The first that does not go with it: the next record, or another copy of the true one; and
    // itself when the next one is there already.
    int next = chain.firstAt(s.sequence() + 1);
    List<Integer> copies = chain.placesOf(s.sequence());
    int copy = copies.size() > 1 ? copies.get(1) : Integer.MAX_VALUE;
    int given = next < s.index() ? s.index() : Math.min(next, copy);
    return new Mutation(
        "%s, %s".formatted(log.name(), s.spot()),
        false,
        Expected.at(new Spot(s.partition(), given), "Fork"),
        () -> Auditing.records(partitions));
  }

  private static @Nullable Mutation replaceLast(
      Worlds worlds, SplittableRandom random, boolean followed) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long last = chain.size() - 1L;
    List<Integer> places = chain.placesOf(last);
    if (last == 0 || !chain.isHeartbeat(last) || (chain.successor() != null) != followed) {
      return null;
    }
    Stored s = log.stored(chain.partition(), places.getFirst());
    Envelope rival = Forged.rival(s, Forged.event(log.name(), s.row().timestamp()));
    List<List<Row>> partitions = log.copy();
    places.forEach(
        at -> partitions.get(chain.partition()).set(at, row(rival, s.row().timestamp())));
    ChainId successor = chain.successor();
    return new Mutation(
        "%s, %s".formatted(log.name(), s.spot()),
        false,
        successor == null ? Expected.nothing() : Expected.at(genesis(log, successor), "OtherTail"),
        () -> Auditing.records(partitions));
  }

  private static Spot genesis(CleanLog log, ChainId id) {
    ChainView chain = log.chain(id);
    return new Spot(chain.partition(), chain.firstAt(0));
  }

  private static @Nullable Mutation afterStop(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (!chain.stopped() || chain.successor() != null) {
      return null;
    }
    long at = timeOf(log, chain.head());
    Envelope more =
        Forged.next(chain.head(), Forged.event(log.name(), at), chain.signerAt(chain.size()));
    return insertFrom(log, random, chain.partition(), last(chain) + 1, row(more, at), "AfterStop");
  }

  private static @Nullable Mutation stopTwice(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainHead head = chain.head();
    if (!chain.stopped() || chain.successor() != null) {
      return null;
    }
    long at = timeOf(log, head);
    Body stop = new Body.CollectorStopped(head.sequence(), head.link());
    Envelope again =
        Forged.next(head, Forged.event(log.name(), at, stop), chain.signerAt(chain.size()));
    return insertFrom(log, random, chain.partition(), last(chain) + 1, row(again, at), "AfterStop");
  }

  private static Mutation tooLarge(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    byte[] event =
        Formats.EVENT.encode(
            Events.withContent(
                Organisation.event(
                    log.name(),
                    java.time.Instant.ofEpochMilli(at),
                    new Body.CollectorHeartbeat(0, 0, 0)),
                new Bytes(new byte[Formats.MAX_EVENT_BYTES + 1])));
    Envelope e = Forged.next(chain.head(), event, chain.signerAt(chain.size()));
    return insertFrom(log, random, chain.partition(), last(chain) + 1, row(e, at), "Malformed");
  }

  private static int last(ChainView chain) {
    int last = 0;
    for (long sequence = 0; sequence < chain.size(); sequence++) {
      last = Math.max(last, chain.firstAt(sequence));
    }
    return last;
  }

  private static long timeOf(CleanLog log, ChainHead head) {
    ChainView chain = log.chain(head.chain());
    return chain.event(head.sequence()).observedAt().toEpochMilli();
  }

  private static @Nullable Mutation forgottenTail(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainId successor = chain.successor();
    if (successor == null || chain.stopped()) {
      return null;
    }
    long at = timeOf(log, chain.head());
    Envelope more =
        Forged.next(chain.head(), Forged.event(log.name(), at), chain.signerAt(chain.size()));
    List<List<Row>> partitions = log.copy();
    partitions.get(chain.partition()).add(row(more, at));
    return new Mutation(
        "%s, chain %s".formatted(log.name(), chain.id().shortHex()),
        false,
        Expected.at(genesis(log, successor), "ForgottenTail"),
        () -> Auditing.records(partitions));
  }

  /** A stolen key is good until it is revoked, and this one wrote where nothing says it did not. */
  private static @Nullable Mutation undetectable(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = timeOf(log, chain.head());
    Envelope more =
        Forged.next(chain.head(), Forged.event(log.name(), at), chain.signerAt(chain.size()));
    int end = log.partitions().get(chain.partition()).size();
    return insert(log, chain.partition(), end, Expected.nothing(), row(more, at));
  }

  private static @Nullable Mutation skip(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = timeOf(log, chain.head());
    Envelope far =
        Forged.sealed(
            chain.id(),
            chain.size() + 1 + random.nextInt(1000),
            chain.head().link(),
            Forged.event(log.name(), at),
            chain.signerAt(chain.size()));
    int end = log.partitions().get(chain.partition()).size();
    Expected expected = Expected.at(new Spot(chain.partition(), end), "Gap");
    return insert(log, chain.partition(), end, expected, row(far, at));
  }

  // --- chains that follow others

  /** A chain that its key's owner did not open, at the end of its own partition. */
  private static Mutation open(
      CleanLog log, Envelope genesis, long at, @Nullable Expected declared, String... names) {
    int home = home(log, genesis.chain());
    int end = log.partitions().get(home).size();
    Expected expected = declared == null ? Expected.at(new Spot(home, end), names) : declared;
    return insert(log, home, end, expected, row(genesis, at));
  }

  static int home(CleanLog log, ChainId chain) {
    return org.apache.kafka.common.utils.Utils.toPositive(
            org.apache.kafka.common.utils.Utils.murmur2(chain.toByteArray()))
        % log.partitions().size();
  }

  private static Envelope successor(CleanLog log, int collector, ChainHead before, long at) {
    Signer signer = Organisation.signer(collector, 0);
    return Forged.genesis(
        log.name(), at, signer, Organisation.certificate(collector, signer), Forged.naming(before));
  }

  private static @Nullable Mutation rivalSuccessor(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainId known = chain.successor();
    if (known == null) {
      return null;
    }
    long at = timeOf(log, chain.head());
    Envelope rival = successor(log, chain.collector(), chain.head(), at);
    int home = home(log, rival.chain());
    // Of two chains in different partitions the one in the later partition is the second.
    Expected expected =
        home >= log.chain(known).partition()
            ? Expected.at(new Spot(home, log.partitions().get(home).size()), "RivalSuccessor")
            : Expected.at(genesis(log, known), "RivalSuccessor");
    return open(log, rival, at, expected);
  }

  private static @Nullable Mutation foreignSuccessor(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null) {
      return null;
    }
    long at = timeOf(log, chain.head());
    return open(
        log, successor(log, chain.collector() + 1, chain.head(), at), at, null, "ForeignSuccessor");
  }

  private static @Nullable Mutation rolledBack(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.size() < 2) {
      return null;
    }
    long back = random.nextInt(chain.size() - 1);
    long at = timeOf(log, chain.head());
    ChainHead before = new ChainHead(chain.id(), back, chain.linkHash(back));
    return open(log, successor(log, chain.collector(), before, at), at, null, "ForgottenTail");
  }

  private static @Nullable Mutation falseStop(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainHead head = chain.head();
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = timeOf(log, head);
    Body stop =
        random.nextBoolean()
            ? new Body.CollectorStopped(head.sequence() + 1 + random.nextInt(9), head.link())
            : new Body.CollectorStopped(head.sequence(), Digest.sha256(new byte[] {1}));
    Envelope last =
        Forged.next(head, Forged.event(log.name(), at, stop), chain.signerAt(chain.size()));
    int end = log.partitions().get(chain.partition()).size();
    return insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), "FalseStop"),
        row(last, at));
  }

  // --- seals and keys

  private static @Nullable Mutation sealNumbers(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    ChainHead head = chain.head();
    long at = timeOf(log, head);
    long sequence = head.sequence() + 1;
    long first = sequence;
    int size = 1;
    switch (random.nextInt(6)) {
      case 0 -> size = 0;
      case 1 -> size = 65 + random.nextInt(64);
      case 2 -> size = -1 - random.nextInt(5);
      case 3 -> first = sequence + 1;
      case 4 -> first = -1;
      default -> {
        sequence = Long.MAX_VALUE;
        first = sequence - random.nextInt(2);
        size = 1 + random.nextInt(2);
      }
    }
    Envelope e =
        Forged.sealed(
            chain.id(),
            sequence,
            head.link(),
            Forged.event(log.name(), at),
            chain.signerAt(chain.size()),
            first,
            size);
    int end = log.partitions().get(chain.partition()).size();
    return insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), "BadSeal"),
        row(e, at));
  }

  private static Mutation unknownKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    Envelope e = Forged.next(chain.head(), Forged.event(log.name(), at), Organisation.thief());
    return insertFrom(log, random, chain.partition(), chain.firstAt(0) + 1, row(e, at), "WrongKey");
  }

  private static Mutation ownCertificate(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    Signer thief = Organisation.thief();
    Bytes certificate =
        Organisation.certificate(
            CertificateRole.COLLECTOR,
            Organisation.collector(chain.collector()),
            thief,
            random.nextBoolean() ? thief : Organisation.STRANGER);
    return open(
        log, Forged.genesis(log.name(), at, thief, certificate, null), at, null, "UnknownSigner");
  }

  private static Mutation otherRole(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    Signer thief = Organisation.thief();
    CertificateRole role =
        List.of(
                CertificateRole.HUMAN,
                CertificateRole.LOG,
                CertificateRole.ROOT,
                CertificateRole.WITNESS)
            .get(random.nextInt(4));
    Bytes certificate =
        Organisation.certificate(
            role, Organisation.collector(chain.collector()), thief, Organisation.ROOT);
    return open(
        log, Forged.genesis(log.name(), at, thief, certificate, null), at, null, "UnknownSigner");
  }

  private static Mutation otherKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    Bytes certificate =
        Organisation.certificate(chain.collector(), Organisation.signer(chain.collector(), 0));
    return open(
        log,
        Forged.genesis(log.name(), at, Organisation.thief(), certificate, null),
        at,
        null,
        "WrongKey");
  }

  private static Mutation noGenesis(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    byte[] event = Forged.event(log.name(), at);
    Envelope e =
        Forged.sealed(
            ChainId.ofGenesis(event), 0, Digest.ZERO, event, chain.signerAt(chain.size()));
    return open(log, e, at, null, "BadGenesis");
  }

  private static Mutation otherId(Worlds worlds, SplittableRandom random) {
    byte[] id = new byte[ChainId.SIZE];
    random.nextBytes(id);
    return genesis(worlds, random, new ChainId(id), false);
  }

  private static Mutation genesisWithPast(Worlds worlds, SplittableRandom random) {
    return genesis(worlds, random, null, true);
  }

  private static Mutation genesis(
      Worlds worlds, SplittableRandom random, @Nullable ChainId id, boolean past) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long at = timeOf(log, chain.head());
    Signer signer = chain.signerAt(0);
    Bytes certificate = Organisation.certificate(chain.collector(), signer);
    byte[] event =
        Forged.event(log.name(), at, new Body.Genesis(certificate, null, true, "campaign"));
    ChainId named = id == null ? ChainId.ofGenesis(event) : id;
    Digest previous = past ? chain.head().link() : Digest.ZERO;
    return open(log, Forged.sealed(named, 0, previous, event, signer), at, null, "BadGenesis");
  }

  private static Mutation outside(CleanLog log, SplittableRandom random, long at) {
    ChainView chain = log.anyChain(random);
    Envelope e =
        Forged.next(chain.head(), Forged.event(log.name(), at), chain.signerAt(chain.size()));
    int end = log.partitions().get(chain.partition()).size();
    return insert(
        log,
        chain.partition(),
        end,
        Expected.at(new Spot(chain.partition(), end), "KeyOutsideValidity"),
        row(e, at));
  }

  private static Mutation expired(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    long after = random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000);
    return outside(log, random, Organisation.END.toEpochMilli() + after);
  }

  private static Mutation notYetValid(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    long begin = Organisation.BEGIN.minusSeconds(300).toEpochMilli();
    long before = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(1_000_000_000);
    return outside(log, random, begin - before);
  }
}
