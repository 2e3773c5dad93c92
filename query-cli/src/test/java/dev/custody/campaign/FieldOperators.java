package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.Salt;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.wire.Formats;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One field of a record, changed and encoded again, by who has no key. */
final class FieldOperators {
  /** The order of the group of Ed25519 (RFC 8032, section 5.1). */
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private FieldOperators() {}

  static List<Operator> all() {
    return List.of(
        field("change an event's content", 20, FieldOperators::content, "BadSeal", "BadGenesis"),
        field("change an event's salt", 10, FieldOperators::salt, "BadSeal", "BadGenesis"),
        field("change what an event says", 10, FieldOperators::fact, "BadSeal", "BadGenesis"),
        field("move an event in time", 10, FieldOperators::time, "BadSeal", "BadGenesis"),
        field("change the link before", 10, FieldOperators::previous, "BadSeal", "BadGenesis"),
        field(
            "change a position",
            15,
            FieldOperators::sequence,
            "BadSeal",
            "WrongKey",
            "Malformed",
            "NoGenesis"),
        field("give a record a negative position", 5, FieldOperators::negative, "Malformed"),
        field(
            "change a record's chain",
            10,
            FieldOperators::chain,
            "BadSeal",
            "WrongKey",
            "NoGenesis",
            "BadGenesis",
            "WrongPartition"),
        field("change a record's key id", 10, FieldOperators::key, "WrongKey"),
        field("change a signature", 15, FieldOperators::signature, "BadSeal"),
        field("respell a signature", 5, FieldOperators::malleate, "BadSeal"),
        field("change a seal's numbers", 15, FieldOperators::sealNumbers, "BadSeal"),
        field("change a seal's path", 15, FieldOperators::sealPath, "BadSeal"),
        field("put in another event", 10, FieldOperators::otherEvent, "BadSeal", "BadGenesis"));
  }

  /** A changed envelope, or null when there is nothing to change. */
  @FunctionalInterface
  private interface Change {
    @Nullable Envelope apply(CleanLog log, Stored stored, SplittableRandom random) throws Exception;
  }

  private static Operator field(String name, int weight, Change change, String... names) {
    return new Operator(
        name,
        1,
        Target.RECORD,
        weight,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          Stored stored = log.anyRecord(random);
          Envelope changed = change.apply(log, stored, random);
          if (changed == null) {
            return null;
          }
          // What is not signed follows: only the signed part can give it away.
          long observed =
              Formats.EVENT.decode(changed.event().toByteArray()).observedAt().toEpochMilli();
          List<List<Row>> partitions = log.copy();
          partitions.get(stored.partition()).set(stored.index(), Row.of(changed, observed));
          Expected expected = Expected.at(stored.spot(), names);
          boolean named = changed.chain().equals(stored.chain().id());
          return new Mutation(
              "%s, record %s".formatted(log.name(), stored.spot()),
              changed.equals(stored.envelope()),
              named ? expected : expected.or(Oracle.without(log, stored)),
              () -> Auditing.records(partitions));
        });
  }

  // --- events

  private static Envelope with(Envelope e, Event event) {
    return with(e, new Bytes(Formats.EVENT.encode(event)));
  }

  private static Envelope with(Envelope e, Bytes event) {
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        event,
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope content(CleanLog log, Stored s, SplittableRandom random) {
    Event e = s.chain().event(s.sequence());
    byte[] content = e.content().toByteArray();
    byte[] other =
        content.length == 0
            ? new byte[] {'{', '}'}
            : java.util.Arrays.copyOf(content, content.length);
    other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
    return with(s.envelope(), Events.withContent(e, new Bytes(other)));
  }

  private static Envelope salt(CleanLog log, Stored s, SplittableRandom random) {
    Event e = s.chain().event(s.sequence());
    byte[] salt = e.salt().toByteArray();
    salt[random.nextInt(Salt.SIZE)] ^= (byte) (1 << random.nextInt(8));
    return with(s.envelope(), Events.withSalt(e, new Salt(salt)));
  }

  private static Envelope fact(CleanLog log, Stored s, SplittableRandom random) {
    Event e = s.chain().event(s.sequence());
    return with(
        s.envelope(),
        switch (random.nextInt(3)) {
          case 0 -> Events.withOutcome(e, Outcome.FAILURE, "denied");
          case 1 -> Events.withSession(e, "another session");
          default -> Events.withOccurredAt(e, e.occurredAt().minusSeconds(random.nextInt(1, 99)));
        });
  }

  private static Envelope time(CleanLog log, Stored s, SplittableRandom random) {
    Event e = s.chain().event(s.sequence());
    long by = random.nextInt(1, 1_000_000) * (random.nextBoolean() ? 1L : -1L);
    return with(s.envelope(), Events.withObservedAt(e, e.observedAt().plusMillis(by)));
  }

  private static @Nullable Envelope otherEvent(CleanLog log, Stored s, SplittableRandom random) {
    Stored other = log.anyRecord(random);
    // The genesis of another chain makes another chain of this one.
    return with(s.envelope(), other.envelope().event());
  }

  // --- the envelope

  private static byte[] flipped(Bytes bytes, SplittableRandom random) {
    byte[] value = bytes.toByteArray();
    value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
    return value;
  }

  private static Envelope previous(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    Digest other =
        switch (random.nextInt(3)) {
          case 0 -> Digest.ZERO;
          case 1 -> log.anyRecord(random).envelope().previous();
          default -> new Digest(flipped(e.previous(), random));
        };
    return new Envelope(
        e.chain(),
        e.sequence(),
        other,
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope sequence(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    long other =
        switch (random.nextInt(5)) {
          case 0 -> e.sequence() + 1;
          case 1 -> Math.max(0, e.sequence() - 1);
          case 2 -> random.nextInt(s.chain().size());
          case 3 -> random.nextLong();
          default -> Long.MAX_VALUE;
        };
    return new Envelope(
        e.chain(),
        other,
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope negative(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    return new Envelope(
        e.chain(),
        -1 - random.nextLong(1 + e.sequence()),
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope chain(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    ChainId other =
        random.nextBoolean() ? log.anyChain(random).id() : new ChainId(flipped(e.chain(), random));
    return new Envelope(
        other,
        e.sequence(),
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope key(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    KeyId other =
        switch (random.nextInt(3)) {
          case 0 -> log.anyRecord(random).envelope().key();
          case 1 -> Organisation.thief().keyId();
          default -> new KeyId(flipped(e.key(), random));
        };
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        other,
        e.signature());
  }

  private static Envelope signature(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    SignatureBytes other =
        switch (random.nextInt(3)) {
          case 0 -> new SignatureBytes(new byte[SignatureBytes.SIZE]);
          case 1 -> log.anyRecord(random).envelope().signature();
          default -> new SignatureBytes(flipped(e.signature(), random));
        };
    return signed(e, other);
  }

  private static Envelope signed(Envelope e, SignatureBytes signature) {
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        e.sealPath(),
        e.key(),
        signature);
  }

  /** The other spelling of the same signature: S + L in place of S, which RFC 8032 forbids. */
  private static Envelope malleate(CleanLog log, Stored s, SplittableRandom random) {
    byte[] signature = s.envelope().signature().toByteArray();
    byte[] scalar = new byte[32];
    for (int i = 0; i < 32; i++) {
      scalar[i] = signature[63 - i];
    }
    byte[] sum = new BigInteger(1, scalar).add(ORDER).toByteArray();
    for (int i = 0; i < 32; i++) {
      signature[63 - i] = sum[sum.length - 32 + i];
    }
    return signed(s.envelope(), new SignatureBytes(signature));
  }

  private static Envelope sealNumbers(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    boolean first = random.nextBoolean();
    long otherFirst =
        switch (random.nextInt(4)) {
          case 0 -> -1;
          case 1 -> Long.MAX_VALUE;
          case 2 -> e.sequence();
          default -> e.sealFirst() + random.nextInt(-3, 4);
        };
    int otherSize =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> 65;
          case 2 -> random.nextInt();
          default -> e.sealSize() + random.nextInt(-3, 4);
        };
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        e.event(),
        first ? otherFirst : e.sealFirst(),
        first ? e.sealSize() : otherSize,
        e.sealPath(),
        e.key(),
        e.signature());
  }

  private static Envelope sealPath(CleanLog log, Stored s, SplittableRandom random) {
    Envelope e = s.envelope();
    List<Digest> path = new ArrayList<>(e.sealPath());
    int what = path.isEmpty() ? 0 : random.nextInt(5);
    int at = path.isEmpty() ? 0 : random.nextInt(path.size());
    switch (what) {
      case 0 -> path.add(at, e.previous());
      case 1 -> path.remove(at);
      case 2 -> path.set(at, new Digest(flipped(path.get(at), random)));
      case 3 -> java.util.Collections.swap(path, at, random.nextInt(path.size()));
      default -> path.add(path.get(at));
    }
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        e.event(),
        e.sealFirst(),
        e.sealSize(),
        path,
        e.key(),
        e.signature());
  }
}
