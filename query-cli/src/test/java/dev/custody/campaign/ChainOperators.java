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
    return List.of(
        of("drop one record", 40, ChainOperators::dropOne),
        of("drop several records", 20, ChainOperators::dropSeveral),
        of("drop the tail of a chain", 15, ChainOperators::dropTail),
        of("drop the head of a chain", 15, ChainOperators::dropHead),
        of("drop a whole chain", 10, ChainOperators::dropChain),
        of("drop a whole partition's records", 3, ChainOperators::dropPartition),
        of("cut all partitions at a moment", 8, ChainOperators::cutAll),
        of("reorder records of a chain", 20, ChainOperators::reorder),
        of("reorder records of several chains", 10, ChainOperators::interleave),
        of("reverse a partition", 3, ChainOperators::reverse),
        of("repeat a record", 10, ChainOperators::repeat),
        of("splice a record into another chain", 15, ChainOperators::splice),
        of("move a record to another partition", 15, ChainOperators::move),
        of("swap two partitions", 3, ChainOperators::swapPartitions),
        of("insert a chain of another organisation", 8, ChainOperators::insertForeign),
        of("insert a chain of another topic", 5, ChainOperators::insertOther));
  }

  private static Operator of(String name, int weight, Operator.Maker maker) {
    return new Operator(name, 1, Target.CHAIN, weight, maker);
  }

  /** Honest records, some of them missing or elsewhere in their partition. */
  private static Mutation judged(
      CleanLog log, String what, boolean noOp, List<List<Row>> partitions) {
    return new Mutation(
        log.name() + ", " + what,
        noOp,
        Oracle.of(log, partitions),
        () -> Auditing.records(partitions));
  }

  private static Mutation without(CleanLog log, ChainView chain, LongPredicate dropped) {
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
    return judged(
        log, "chain " + chain.id().shortHex(), kept.size() == rows.size(), partitions);
  }

  // --- missing

  private static Mutation dropOne(Worlds worlds, SplittableRandom random) {
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
    return judged(log, "one copy at " + stored.spot(), noOp, partitions);
  }

  private static Mutation dropSeveral(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    Set<Long> dropped = new TreeSet<>();
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      dropped.add((long) random.nextInt(chain.size()));
    }
    return without(log, chain, dropped::contains);
  }

  private static @Nullable Mutation dropTail(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.size() < 2) {
      return null;
    }
    long from = chain.size() - 1 - random.nextInt(Math.min(chain.size() - 1, 5));
    return without(log, chain, sequence -> sequence >= from);
  }

  private static @Nullable Mutation dropHead(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.size() < 2) {
      return null;
    }
    long to = random.nextInt(chain.size() - 1);
    return without(log, chain, sequence -> sequence <= to);
  }

  private static Mutation dropChain(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    return without(log, log.anyChain(random), _ -> true);
  }

  private static Mutation dropPartition(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    List<List<Row>> partitions = log.copy();
    int which = random.nextInt(partitions.size());
    boolean noOp = partitions.get(which).isEmpty();
    partitions.set(which, List.of());
    return judged(log, "partition " + which, noOp, partitions);
  }

  private static Mutation cutAll(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    long moment =
        Organisation.BEGIN.toEpochMilli() + random.nextLong(1 + 25L * log.records());
    List<List<Row>> partitions = new ArrayList<>();
    boolean noOp = true;
    for (List<Row> rows : log.partitions()) {
      List<Row> kept = rows.stream().filter(row -> row.timestamp() < moment).toList();
      noOp &= kept.size() == rows.size();
      partitions.add(kept);
    }
    return judged(log, "at " + moment, noOp, partitions);
  }

  // --- out of order

  private static @Nullable Mutation reorder(Worlds worlds, SplittableRandom random) {
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
    return judged(log, "%d to %d".formatted(from, to), from == to, partitions);
  }

  private static @Nullable Mutation interleave(Worlds worlds, SplittableRandom random) {
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
    return judged(log, "at " + stored.spot(), false, partitions);
  }

  private static Mutation reverse(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    List<List<Row>> partitions = log.copy();
    int which = random.nextInt(partitions.size());
    boolean noOp = partitions.get(which).size() < 2;
    partitions.set(which, partitions.get(which).reversed());
    return judged(log, "partition " + which, noOp, partitions);
  }

  // --- once more, or elsewhere

  /** A resend: nothing that anybody would have to be told. */
  private static Mutation repeat(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Stored stored = log.anyRecord(random);
    List<List<Row>> partitions = log.copy();
    List<Row> rows = partitions.get(stored.partition());
    rows.add(stored.index() + 1 + random.nextInt(rows.size() - stored.index()), stored.row());
    return judged(log, "record " + stored.spot(), false, partitions);
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
    partitions
        .get(before.partition())
        .addAll(before.index(), Forged.foreignChain(log.name()));
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
