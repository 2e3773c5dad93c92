package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Whole honest records taken away, repeated or moved, by who has no key. */
final class ChainOperators {
  private ChainOperators() {}

  static List<Operator> all() {
    List<Operator> all = new ArrayList<>(inserting());
    for (Rearranging one : rearranging()) {
      all.add(of(one.name(), one.weight(), (worlds, random) -> alone(one, worlds, random)));
      all.add(
          new Operator(
              one.name() + ", the log kept",
              1,
              Target.LOG,
              one.weight() / 2 + 1,
              (worlds, random) -> withLogs(one, worlds, random)));
    }
    return all;
  }

  /** Honest records, some of them missing, repeated, or elsewhere in their partition. */
  private record Rearranged(CleanLog log, String what, boolean noOp, List<List<Row>> partitions) {}

  /** A way of rearranging, null when what was drawn does not lend itself to it. */
  @FunctionalInterface
  private interface Change {
    @Nullable Rearranged make(Worlds worlds, SplittableRandom random);
  }

  private record Rearranging(String name, int weight, Change change) {}

  private static @Nullable Mutation alone(Rearranging one, Worlds worlds, SplittableRandom random) {
    Rearranged made = one.change().make(worlds, random);
    return made == null
        ? null
        : new Mutation(
            made.log().name() + ", " + made.what(),
            made.noOp(),
            Oracle.of(made.log(), made.partitions()),
            () -> Auditing.records(made.partitions()));
  }

  private static @Nullable Mutation withLogs(
      Rearranging one, Worlds worlds, SplittableRandom random) {
    Rearranged made = one.change().make(worlds, random);
    if (made == null) {
      return null;
    }
    Expected expected = Oracle.withLogs(made.log(), made.partitions());
    return new Mutation(
        made.log().name() + ", " + made.what(),
        made.noOp() && expected.names().isEmpty(),
        expected,
        () -> Auditing.withLogs(made.partitions(), made.log().published().topics()));
  }

  private static List<Rearranging> rearranging() {
    return List.of(
        new Rearranging("drop one record", 40, ChainOperators::dropOne),
        new Rearranging("drop several records", 20, ChainOperators::dropSeveral),
        new Rearranging("drop the tail of a chain", 15, ChainOperators::dropTail),
        new Rearranging("drop the head of a chain", 15, ChainOperators::dropHead),
        new Rearranging("drop a whole chain", 10, ChainOperators::dropChain),
        new Rearranging("drop a whole partition's records", 3, ChainOperators::dropPartition),
        new Rearranging("cut all partitions at a moment", 8, ChainOperators::cutAll),
        new Rearranging("reorder records of a chain", 20, ChainOperators::reorder),
        new Rearranging("reorder records of several chains", 10, ChainOperators::interleave),
        new Rearranging("reverse a partition", 3, ChainOperators::reverse),
        new Rearranging("repeat a record", 10, ChainOperators::repeat));
  }

  private static List<Operator> inserting() {
    return List.of(
        of("splice a record into another chain", 15, ChainOperators::splice),
        of("move a record to another partition", 15, ChainOperators::move),
        of("swap two partitions", 3, ChainOperators::swapPartitions),
        of("insert a chain of another organisation", 8, ChainOperators::insertForeign),
        of("insert a chain of another topic", 5, ChainOperators::insertOther));
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 1, Target.CHAIN, weight, maker);
  }

  private static Rearranged without(CleanLog log, ChainView chain, LongPredicate dropped) {
    List<List<Row>> partitions = log.copy();
    List<Row> kept = new ArrayList<>();
    List<Row> rows = partitions.get(chain.partition());
    for (Row row : rows) {
      Envelope envelope = row.envelope();
      if (!envelope.chain().equals(chain.id()) || !dropped.test(envelope.sequence())) {
        kept.add(row);
      }
    }
    partitions.set(chain.partition(), kept);
    return new Rearranged(
        log, "chain " + chain.id().shortHex(), kept.size() == rows.size(), partitions);
  }

  // --- missing

  private static Rearranged dropOne(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    if (random.nextInt(8) > 0) {
      return without(log, stored.chain(), sequence -> sequence == stored.sequence());
    }
    List<List<Row>> partitions = log.copy();
    var _ = partitions.get(stored.partition()).remove(stored.index());
    // A resend is no second record: with another copy there, nothing is missing.
    boolean copied = stored.chain().placesOf(stored.sequence()).size() > 1;
    boolean noOp = copied && Oracle.of(log, partitions).names().isEmpty();
    return new Rearranged(log, "one copy at " + stored.spot(), noOp, partitions);
  }

  private static Rearranged dropSeveral(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    Set<Long> dropped = new TreeSet<>();
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      dropped.add((long) random.nextInt(chain.size()));
    }
    return without(log, chain, dropped::contains);
  }

  private static @Nullable Rearranged dropTail(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.size() < 2) {
      return null;
    }
    long from = chain.size() - 1L - random.nextInt(Math.min(chain.size() - 1, 5));
    return without(log, chain, sequence -> sequence >= from);
  }

  private static @Nullable Rearranged dropHead(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.size() < 2) {
      return null;
    }
    long to = random.nextInt(chain.size() - 1);
    return without(log, chain, sequence -> sequence <= to);
  }

  private static Rearranged dropChain(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    return without(log, log.anyChain(random), _ -> true);
  }

  private static Rearranged dropPartition(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    List<List<Row>> partitions = log.copy();
    int which = random.nextInt(partitions.size());
    boolean noOp = partitions.get(which).isEmpty();
    partitions.set(which, List.of());
    return new Rearranged(log, "partition " + which, noOp, partitions);
  }

  private static Rearranged cutAll(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    long moment = Organisation.BEGIN.toEpochMilli() + random.nextLong(1 + 25L * log.records());
    List<List<Row>> partitions = new ArrayList<>();
    boolean noOp = true;
    for (List<Row> rows : log.partitions()) {
      List<Row> kept = rows.stream().filter(row -> row.timestamp() < moment).toList();
      noOp &= kept.size() == rows.size();
      partitions.add(kept);
    }
    return new Rearranged(log, "at " + moment, noOp, partitions);
  }

  // --- out of order

  private static @Nullable Rearranged reorder(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.size() < 2) {
      return null;
    }
    int from = chain.firstAt(random.nextInt(chain.size()));
    int to = chain.firstAt(random.nextInt(chain.size()));
    List<List<Row>> partitions = log.copy();
    List<Row> rows = partitions.get(chain.partition());
    rows.add(to, rows.remove(from));
    return new Rearranged(log, "%d to %d".formatted(from, to), from == to, partitions);
  }

  private static @Nullable Rearranged interleave(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    List<List<Row>> partitions = log.copy();
    List<Row> rows = partitions.get(stored.partition());
    if (stored.index() + 1 == rows.size()) {
      return null;
    }
    Row next = rows.get(stored.index() + 1);
    if (next.envelope().chain().equals(stored.chain().id())) {
      return null;
    }
    java.util.Collections.swap(rows, stored.index(), stored.index() + 1);
    return new Rearranged(log, "at " + stored.spot(), false, partitions);
  }

  private static Rearranged reverse(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    List<List<Row>> partitions = log.copy();
    int which = random.nextInt(partitions.size());
    boolean noOp = partitions.get(which).size() < 2;
    partitions.set(which, partitions.get(which).reversed());
    return new Rearranged(log, "partition " + which, noOp, partitions);
  }

  // --- once more, or elsewhere

  /** A resend: nothing that anybody would have to be told. */
  private static Rearranged repeat(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    List<List<Row>> partitions = log.copy();
    List<Row> rows = partitions.get(stored.partition());
    rows.add(stored.index() + 1 + random.nextInt(rows.size() - stored.index()), stored.row());
    return new Rearranged(log, "record " + stored.spot(), false, partitions);
  }

  private static @Nullable Mutation splice(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored from = log.anyRecord(random);
    Stored to = log.anyRecord(random);
    if (from.chain() == to.chain() || from.sequence() == 0) {
      return null;
    }
    Envelope e = from.envelope();
    Envelope spliced =
        new Envelope(
            to.chain().id(),
            to.sequence() + 1,
            to.chain().linkHash(to.sequence()),
            e.event(),
            to.sequence() + 1,
            1,
            List.of(),
            to.envelope().key(),
            e.signature());
    List<List<Row>> partitions = log.copy();
    partitions.get(to.partition()).add(to.index() + 1, Row.of(spliced, from.row().timestamp()));
    return new Mutation(
        "%s, %s behind %s".formatted(log.name(), from.spot(), to.spot()),
        false,
        Expected.at(new Spot(to.partition(), to.index() + 1), "BadSeal", "WrongKey"),
        () -> Auditing.records(partitions));
  }

  private static @Nullable Mutation move(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    int elsewhere =
        (stored.partition() + 1 + random.nextInt(log.partitions().size() - 1))
            % log.partitions().size();
    List<List<Row>> partitions = log.copy();
    var _ = partitions.get(stored.partition()).remove(stored.index());
    Expected left = Oracle.of(log, partitions);
    List<Row> target = partitions.get(elsewhere);
    int at = random.nextInt(target.size() + 1);
    target.add(at, stored.row());
    // What its own partition lacks now is explained by its being elsewhere.
    Spot missed = left.first();
    boolean homeFirst =
        missed != null
            && missed.partition() < elsewhere
            && (left.names().contains("NoGenesis")
                || left.names().contains("WrongKey")
                || left.names().contains("BadRotation"));
    return new Mutation(
        "%s, %s to %d:%d".formatted(log.name(), stored.spot(), elsewhere, at),
        false,
        homeFirst ? left : Expected.at(new Spot(elsewhere, at), "WrongPartition"),
        () -> Auditing.records(partitions));
  }

  private static @Nullable Mutation swapPartitions(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    List<List<Row>> partitions = log.copy();
    int one = random.nextInt(partitions.size() - 1);
    int other = one + 1 + random.nextInt(partitions.size() - one - 1);
    List<Row> first = partitions.get(other);
    List<Row> second = partitions.get(one);
    partitions.set(one, first);
    partitions.set(other, second);
    return new Mutation(
        "%s, %d and %d".formatted(log.name(), one, other),
        first.isEmpty() && second.isEmpty(),
        Expected.at(new Spot(first.isEmpty() ? other : one, 0), "WrongPartition"),
        () -> Auditing.records(partitions));
  }

  // --- more than there was

  private static Mutation insertForeign(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored before = log.anyRecord(random);
    List<List<Row>> partitions = log.copy();
    partitions.get(before.partition()).addAll(before.index(), Forged.foreignChain(log.name()));
    return new Mutation(
        "%s, before %s".formatted(log.name(), before.spot()),
        false,
        Expected.at(before.spot(), "UnknownSigner"),
        () -> Auditing.records(partitions));
  }

  /** The same collectors wrote it, elsewhere: only the log of this topic does not hold it. */
  private static @Nullable Mutation insertOther(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    CleanLog other = worlds.any(random);
    ChainView chain = other.anyChain(random);
    if (other == log
        || chain.predecessor() != null
        || other.partitions().size() != log.partitions().size()) {
      return null;
    }
    List<List<Row>> partitions = log.copy();
    for (long sequence = 0; sequence < chain.size(); sequence++) {
      partitions
          .get(chain.partition())
          .add(other.partitions().get(chain.partition()).get(chain.firstAt(sequence)));
    }
    return new Mutation(
        "%s, chain of %s".formatted(log.name(), other.name()),
        false,
        Expected.nothing(),
        () -> Auditing.records(partitions));
  }
}
