package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.digest.ChainId;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A single stored record, changed by who can write to the storage and has no key. */
final class RecordOperators {
  /** Whatever a change of any byte of a record can be found to be. */
  private static final String[] ANY = {
    "Malformed", "Relabelled", "BadSeal", "BadGenesis", "WrongKey", "NoGenesis"
  };

  private static final int MAX_RECORD = 2 << 20;

  private RecordOperators() {}

  static List<Operator> all() {
    return List.of(
        of("flip a bit of a record", 60, RecordOperators::flip),
        of("change a byte of a record", 20, RecordOperators::changeByte),
        of("append bytes to a record", 10, RecordOperators::append),
        of("cut a record", 10, RecordOperators::cut),
        of("insert a byte in a record", 10, RecordOperators::insertByte),
        of("zero part of a record", 5, RecordOperators::zero),
        of("erase a record's value", 5, RecordOperators::erase),
        of("blow a record up", 1, RecordOperators::blowUp),
        of("relabel a record's key", 15, RecordOperators::relabelKey),
        of("lengthen a record's key", 5, RecordOperators::lengthenKey),
        of("relabel a record's timestamp", 15, RecordOperators::relabelTimestamp),
        of("insert bytes that are no record", 10, RecordOperators::insertGarbage),
        of("put another record in its place", 10, RecordOperators::overwrite));
  }

  /** A change of one row. */
  @FunctionalInterface
  interface Change {
    @Nullable Row apply(Stored stored, SplittableRandom random);
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 1, Target.RECORD, weight, maker);
  }

  private static Mutation replace(Stored stored, CleanLog log, Row row, String... names) {
    List<List<Row>> partitions = log.copy();
    partitions.get(stored.partition()).set(stored.index(), row);
    return new Mutation(
        "%s, record %s".formatted(log.name(), stored.spot()),
        row.saysTheSameAs(stored.row()),
        Expected.at(stored.spot(), names),
        () -> Auditing.records(partitions));
  }

  private static Mutation bytes(
      Worlds worlds, SplittableRandom random, java.util.function.UnaryOperator<byte[]> change) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    return replace(stored, log, stored.row().withValue(change.apply(value(stored))), ANY);
  }

  private static byte[] value(Stored stored) {
    return java.util.Objects.requireNonNull(stored.row().value());
  }

  private static Mutation flip(Worlds worlds, SplittableRandom random) {
    return bytes(
        worlds,
        random,
        value -> {
          byte[] changed = value.clone();
          changed[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
          return changed;
        });
  }

  private static Mutation changeByte(Worlds worlds, SplittableRandom random) {
    return bytes(
        worlds,
        random,
        value -> {
          byte[] changed = value.clone();
          changed[random.nextInt(value.length)] = (byte) random.nextInt();
          return changed;
        });
  }

  private static Mutation append(Worlds worlds, SplittableRandom random) {
    return bytes(
        worlds, random, value -> Arrays.copyOf(value, value.length + 1 + random.nextInt(40)));
  }

  private static Mutation cut(Worlds worlds, SplittableRandom random) {
    return bytes(worlds, random, value -> Arrays.copyOf(value, random.nextInt(value.length)));
  }

  private static Mutation insertByte(Worlds worlds, SplittableRandom random) {
    return bytes(
        worlds,
        random,
        value -> {
          int at = random.nextInt(value.length + 1);
          byte[] changed = Arrays.copyOf(value, value.length + 1);
          System.arraycopy(value, at, changed, at + 1, value.length - at);
          changed[at] = (byte) random.nextInt();
          return changed;
        });
  }

  private static Mutation zero(Worlds worlds, SplittableRandom random) {
    return bytes(
        worlds,
        random,
        value -> {
          byte[] changed = value.clone();
          int from = random.nextInt(value.length);
          Arrays.fill(changed, from, from + 1 + random.nextInt(value.length - from), (byte) 0);
          return changed;
        });
  }

  private static Mutation erase(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    return replace(stored, log, stored.row().withValue(null), "Malformed");
  }

  private static Mutation blowUp(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    Row row = stored.row().withValue(Arrays.copyOf(value(stored), MAX_RECORD + 1));
    return replace(stored, log, row, "Malformed");
  }

  private static Mutation relabelKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    byte[] chain = stored.envelope().chain().toByteArray();
    byte @Nullable [] other =
        switch (random.nextInt(5)) {
          case 0 -> null;
          case 1 -> new byte[0];
          case 2 -> Arrays.copyOf(chain, ChainId.SIZE - 1 + 2 * random.nextInt(2));
          case 3 -> log.anyChain(random).id().toByteArray();
          default -> {
            byte[] flipped = chain.clone();
            flipped[random.nextInt(ChainId.SIZE)] ^= (byte) (1 << random.nextInt(8));
            yield flipped;
          }
        };
    return replace(stored, log, stored.row().withKey(other), "Relabelled");
  }

  private static Mutation lengthenKey(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    byte[] longer =
        Arrays.copyOf(
            stored.envelope().chain().toByteArray(), ChainId.SIZE + 1 + random.nextInt(9));
    return replace(stored, log, stored.row().withKey(longer), "Relabelled");
  }

  private static Mutation relabelTimestamp(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    long clean = stored.row().timestamp();
    long other =
        switch (random.nextInt(4)) {
          case 0 -> clean + 1;
          case 1 -> clean - random.nextInt(100_000);
          case 2 -> -1;
          default -> random.nextLong();
        };
    return replace(stored, log, stored.row().withTimestamp(other), "Relabelled");
  }

  private static Mutation insertGarbage(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored before = log.anyRecord(random);
    byte[] garbage = new byte[random.nextInt(300)];
    random.nextBytes(garbage);
    List<List<Row>> partitions = log.copy();
    partitions
        .get(before.partition())
        .add(before.index(), before.row().withValue(garbage).withKey(null));
    return new Mutation(
        "%s, before %s".formatted(log.name(), before.spot()),
        false,
        Expected.at(before.spot(), "Malformed"),
        () -> Auditing.records(partitions));
  }

  /** Another chain's record, with this one's label on it. */
  private static @Nullable Mutation overwrite(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    Stored other = log.anyRecord(random);
    if (other.chain() == stored.chain()) {
      return null;
    }
    Row row = other.row().withKey(stored.row().key());
    Mutation mutation = replace(stored, log, row, "Relabelled");
    return mutation.expecting(mutation.expected().or(Oracle.without(log, stored)));
  }
}
