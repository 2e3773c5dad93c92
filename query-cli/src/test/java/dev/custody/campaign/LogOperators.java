package dev.custody.campaign;

import dev.custody.campaign.Topics.Said;
import dev.custody.digest.Digest;
import dev.custody.note.Checkpoint;
import dev.custody.note.SignedNote;
import dev.custody.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The topics of the transparency log, and records and log together. */
final class LogOperators {
  private LogOperators() {}

  static List<Operator> all() {
    return List.of(
        checkpoint("flip a bit of a stored checkpoint", 1, 30, LogOperators::flip),
        checkpoint("store bytes that are no checkpoint", 1, 8, LogOperators::garbage),
        checkpoint("store a checkpoint under another log", 1, 10, LogOperators::otherLog),
        checkpoint("sign a stored checkpoint with an unknown key", 1, 8, LogOperators::unknownKey),
        forged("sign a second root for a size", 10, LogOperators::splitView, "SplitView"),
        forged("sign another root", 10, LogOperators::otherRoot, "ForkedLog"),
        forged("sign a size that was never reached", 8, LogOperators::pastTheEnd, "RolledBackLog"),
        of("take the list of logs away", 1, 5, LogOperators::dropList),
        of("store a list of logs of one's own", 1, 8, LogOperators::foreignList),
        of("drop checkpoints that others cover", 1, 8, LogOperators::dropCovered),
        of("store an old checkpoint again", 1, 8, LogOperators::replay),
        of("cut records, checkpoints and tiles alike", 1, 15, LogOperators::cutAlike),
        of("cut everything alike, a checkpoint kept", 1, 20, LogOperators::cutAlikeKept),
        of("rebuild the log with its key", 3, 15, LogOperators::rebuild),
        of("rebuild the log with its key, a checkpoint kept", 3, 20, LogOperators::rebuildKept),
        of("rebuild the log with its key, witnesses asked", 3, 10, LogOperators::rebuildWitnessed),
        of("keep a checkpoint of another log", 1, 5, LogOperators::keptOfAnother),
        of("write on in the newest chain, the log kept", 2, 8, LogOperators::writeOn),
        of("replace the last record of a chain, the log kept", 2, 12, LogOperators::replaceLast));
  }

  private static Operator of(String name, int level, int weight, Operator.Maker maker) {
    return new Operator(name, level, Target.LOG, weight, maker);
  }

  // --- one stored checkpoint

  /** Another content of a record of the topic, or null when there is nothing to change. */
  @FunctionalInterface
  private interface Change {
    @Nullable Said apply(Said clean, int partition, CleanLog log, SplittableRandom random);
  }

  private static @Nullable Integer partitionWithCheckpoints(CleanLog log, SplittableRandom random) {
    int partition = random.nextInt(log.partitions().size());
    return log.published().newest(partition) == null ? null : partition;
  }

  private static Operator checkpoint(String name, int level, int weight, Change change) {
    return new Operator(
        name,
        level,
        Target.CHECKPOINT,
        weight,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          Integer partition = partitionWithCheckpoints(log, random);
          if (partition == null) {
            return null;
          }
          Topics topics = log.published().topics();
          List<Said> said = new ArrayList<>(topics.of(Topic.CHECKPOINTS, partition));
          int first = partition == 0 ? 1 : 0;
          int at = first + random.nextInt(said.size() - first);
          Said changed = change.apply(said.get(at), partition, log, random);
          if (changed == null) {
            return null;
          }
          said.set(at, changed);
          return judged(
              log,
              "checkpoint at %d:%d".formatted(partition, at),
              Expected.at(new Spot(partition, at), "BadCheckpoint"),
              log.partitions(),
              topics.with(Topic.CHECKPOINTS, partition, said));
        });
  }

  private static Mutation judged(
      CleanLog log,
      String what,
      Expected expected,
      List<List<Row>> partitions,
      Topics topics,
      Said... kept) {
    return new Mutation(
        log.name() + ", " + what,
        false,
        expected,
        () -> Auditing.withLogs(partitions, topics, kept));
  }

  private static Said flip(Said clean, int partition, CleanLog log, SplittableRandom random) {
    byte[] note = clean.value().clone();
    note[random.nextInt(note.length)] ^= (byte) (1 << random.nextInt(8));
    return new Said(clean.key(), note);
  }

  private static Said garbage(Said clean, int partition, CleanLog log, SplittableRandom random) {
    byte[] garbage = new byte[random.nextInt(300)];
    random.nextBytes(garbage);
    return new Said(random.nextBoolean() ? clean.key() : "no origin", garbage);
  }

  private static Said otherLog(Said clean, int partition, CleanLog log, SplittableRandom random) {
    int other = (partition + 1 + random.nextInt(4)) % 5;
    return new Said(LogFiles.origin(other).toString(), clean.value());
  }

  private static Said unknownKey(Said clean, int partition, CleanLog log, SplittableRandom random) {
    String text = new String(clean.value(), java.nio.charset.StandardCharsets.UTF_8);
    String body = text.substring(0, text.indexOf("\n\n") + 1);
    dev.custody.note.NoteSigner thief =
        new dev.custody.note.NoteSigner(
            LogFiles.origin(partition).toString(), Organisation.thief());
    return new Said(clean.key(), new SignedNote(body, List.of(thief.sign(body))).encode());
  }

  // --- what the log's key can sign

  private static Operator forged(String name, int weight, Change change, String verdict) {
    return new Operator(
        name,
        3,
        Target.CHECKPOINT,
        weight,
        (worlds, random) -> {
          CleanLog log = worlds.any(random);
          Integer partition = partitionWithCheckpoints(log, random);
          if (partition == null) {
            return null;
          }
          Topics topics = log.published().topics();
          List<Said> said = new ArrayList<>(topics.of(Topic.CHECKPOINTS, partition));
          Said forged = change.apply(said.getLast(), partition, log, random);
          if (forged == null) {
            return null;
          }
          said.add(forged);
          return judged(
              log,
              "behind the checkpoints of partition " + partition,
              Expected.of(verdict),
              log.partitions(),
              topics.with(Topic.CHECKPOINTS, partition, said));
        });
  }

  private static Said signed(int partition, long size, Digest root) {
    String origin = LogFiles.origin(partition).toString();
    return new Said(
        origin, LogFiles.sign(partition, new Checkpoint(origin, size, root).text()).encode());
  }

  private static Digest anything(SplittableRandom random) {
    byte[] root = new byte[Digest.SIZE];
    random.nextBytes(root);
    return new Digest(root);
  }

  private static Said splitView(Said newest, int partition, CleanLog log, SplittableRandom random) {
    return signed(partition, Published.sizeOf(newest), anything(random));
  }

  private static @Nullable Said otherRoot(
      Said newest, int partition, CleanLog log, SplittableRandom random) {
    long size = 1 + random.nextLong(Published.sizeOf(newest));
    return log.published().checkpoints(partition).containsKey(size)
        ? null
        : signed(partition, size, anything(random));
  }

  private static Said pastTheEnd(
      Said newest, int partition, CleanLog log, SplittableRandom random) {
    long size = Published.sizeOf(newest);
    return signed(partition, size + 1 + random.nextInt(1000), anything(random));
  }

  // --- lists and coverage

  private static Mutation dropList(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Topics topics = log.published().topics();
    List<Said> said = topics.of(Topic.CHECKPOINTS, 0);
    return judged(
        log,
        "no list of logs",
        Expected.of("BadCheckpoint"),
        log.partitions(),
        topics.with(Topic.CHECKPOINTS, 0, said.subList(1, said.size())));
  }

  private static Mutation foreignList(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Topics topics = log.published().topics();
    List<Said> said = new ArrayList<>(topics.of(Topic.CHECKPOINTS, 0));
    byte[] list =
        LogFiles.list()
            .sign(
                new dev.custody.note.NoteSigner(
                    dev.custody.tlog.LogList.rootName(LogFiles.NAME), Organisation.STRANGER))
            .encode();
    said.add(1, new Said("logs", list));
    return judged(
        log,
        "a foreign list of logs",
        Expected.at(new Spot(0, 1), "BadLogList"),
        log.partitions(),
        topics.with(Topic.CHECKPOINTS, 0, said));
  }

  private static @Nullable Mutation dropCovered(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Integer partition = partitionWithCheckpoints(log, random);
    if (partition == null) {
      return null;
    }
    Topics topics = log.published().topics();
    List<Said> said = new ArrayList<>(topics.of(Topic.CHECKPOINTS, partition));
    said.subList(partition == 0 ? 1 : 0, said.size() - 1).removeIf(_ -> random.nextBoolean());
    // The newest one says all that they said.
    return judged(
        log,
        "fewer checkpoints",
        Expected.nothing(),
        log.partitions(),
        topics.with(Topic.CHECKPOINTS, partition, said));
  }

  private static @Nullable Mutation replay(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Integer partition = partitionWithCheckpoints(log, random);
    if (partition == null) {
      return null;
    }
    Topics topics = log.published().topics();
    List<Said> said = new ArrayList<>(topics.of(Topic.CHECKPOINTS, partition));
    said.add(said.getLast());
    said.add(said.get(random.nextInt(said.size())));
    return judged(
        log,
        "an old checkpoint at the end",
        Expected.nothing(),
        log.partitions(),
        topics.with(Topic.CHECKPOINTS, partition, said));
  }

  // --- everything at once

  /** What is left of a log when its newest records never were, and the log agrees. */
  private record Shorter(CleanLog log, int partition, List<List<Row>> partitions, Topics topics) {}

  private static @Nullable Shorter shorter(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    Integer partition = partitionWithCheckpoints(log, random);
    if (partition == null || log.partitions().get(partition).size() < 2) {
      return null;
    }
    List<List<Row>> partitions = log.copy();
    List<Row> rows = partitions.get(partition);
    int keep = 1 + random.nextInt(rows.size() - 1);
    partitions.set(partition, List.copyOf(rows.subList(0, keep)));
    Published honest = Published.of(partitions, random.nextLong());
    boolean fewer = honest.tree(partition).size() < log.published().tree(partition).size();
    // Of what other partitions vouch for nothing may be missing: that would give it away.
    return fewer && Oracle.of(log, partitions).names().isEmpty()
        ? new Shorter(log, partition, partitions, honest.topics())
        : null;
  }

  private static @Nullable Mutation cutAlike(Worlds worlds, SplittableRandom random) {
    Shorter s = shorter(worlds, random);
    return s == null
        ? null
        : judged(s.log(), "cut alike", Expected.nothing(), s.partitions(), s.topics());
  }

  private static @Nullable Mutation cutAlikeKept(Worlds worlds, SplittableRandom random) {
    Shorter s = shorter(worlds, random);
    Said kept = s == null ? null : s.log().published().newest(s.partition());
    return s == null || kept == null
        ? null
        : judged(
            s.log(), "cut alike", Expected.of("RolledBackLog"), s.partitions(), s.topics(), kept);
  }

  /** Another history of the same length and more, every hash and every checkpoint made anew. */
  private static @Nullable Shorter rebuilt(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    int partition = random.nextInt(log.partitions().size());
    List<List<Row>> partitions = log.copy();
    List<ChainView> unvouched =
        log.chains().stream()
            .filter(c -> c.partition() == partition && c.successor() == null)
            .toList();
    if (unvouched.isEmpty()) {
      return null;
    }
    ChainView dropped = unvouched.get(random.nextInt(unvouched.size()));
    partitions.get(partition).removeIf(row -> row.envelope().chain().equals(dropped.id()));
    Topics topics = Published.of(partitions, random.nextLong()).topics();
    return new Shorter(log, partition, partitions, topics);
  }

  private static @Nullable Mutation rebuild(Worlds worlds, SplittableRandom random) {
    Shorter s = rebuilt(worlds, random);
    return s == null
        ? null
        : judged(s.log(), "rebuilt", Expected.nothing(), s.partitions(), s.topics());
  }

  private static @Nullable Mutation rebuildKept(Worlds worlds, SplittableRandom random) {
    Shorter s = rebuilt(worlds, random);
    Said kept = s == null ? null : s.log().published().newest(s.partition());
    return s == null || kept == null
        ? null
        : judged(
            s.log(),
            "rebuilt",
            Expected.of("ForkedLog", "RolledBackLog"),
            s.partitions(),
            s.topics(),
            kept);
  }

  /** The log signs it; witnesses have seen another one and do not. */
  private static @Nullable Mutation rebuildWitnessed(Worlds worlds, SplittableRandom random) {
    Shorter s = rebuilt(worlds, random);
    if (s == null) {
      return null;
    }
    List<Said> said = s.topics().of(Topic.CHECKPOINTS, s.partition());
    if (said.isEmpty() || said.getLast().key().equals("logs")) {
      return null;
    }
    byte[] note = said.getLast().value();
    return new Mutation(
        s.log().name() + ", rebuilt",
        false,
        Expected.of("NoQuorum"),
        () -> LogFiles.judgeWitnessed(s.partition(), note));
  }

  private static Mutation keptOfAnother(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    String origin = random.nextBoolean() ? "other.example/log/0/0" : "other.example/log";
    dev.custody.note.NoteSigner other =
        new dev.custody.note.NoteSigner(origin, Organisation.thief());
    String text = new Checkpoint(origin, 5, anything(random)).text();
    Said kept = new Said(origin, new SignedNote(text, List.of(other.sign(text))).encode());
    return judged(
        log,
        "kept of " + origin,
        Expected.of("BadLogList", "UnusableCheckpoint"),
        log.partitions(),
        log.published().topics(),
        kept);
  }

  // --- with a collector's key

  /** It lies behind the newest checkpoint: the log takes it next, and will vouch for it. */
  private static @Nullable Mutation writeOn(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    if (chain.successor() != null || chain.stopped()) {
      return null;
    }
    long at = log.partitions().get(chain.partition()).getLast().timestamp();
    List<List<Row>> partitions = log.copy();
    partitions
        .get(chain.partition())
        .add(
            Row.of(
                Forged.next(
                    chain.head(), Forged.event(log.name(), at), chain.signerAt(chain.size())),
                at));
    return judged(log, "written on", Expected.nothing(), partitions, log.published().topics());
  }

  private static @Nullable Mutation replaceLast(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.any(random);
    ChainView chain = log.anyChain(random);
    long last = chain.size() - 1L;
    if (last == 0L || !chain.isHeartbeat(last) || chain.successor() != null) {
      return null;
    }
    CleanLog.Stored s = log.stored(chain.partition(), chain.firstAt(last));
    long at = s.row().timestamp();
    Row rival = Row.of(Forged.rival(s, Forged.event(log.name(), at)), at);
    List<List<Row>> partitions = log.copy();
    chain.placesOf(last).forEach(i -> partitions.get(chain.partition()).set(i, rival));
    return judged(
        log,
        "last of " + chain.id().shortHex(),
        Expected.at(s.spot(), "ForkedLog"),
        partitions,
        log.published().topics());
  }
}
