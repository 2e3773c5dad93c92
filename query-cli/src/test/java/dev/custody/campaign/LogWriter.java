package dev.custody.campaign;

import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.trust.Revocation;
import dev.custody.wire.Formats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Makes clean logs: several collectors that write at the same time, and what befalls them. */
final class LogWriter {
  private static final int REVOKED = 2;
  private static final long NOT_FILLED = -1;

  private final String name;
  private final SplittableRandom random;
  private final List<List<Row>> partitions = new ArrayList<>();
  private final Map<ChainId, ChainView> chains = new LinkedHashMap<>();
  private final List<WritingCollector> collectors = new ArrayList<>();
  private final Map<WritingCollector, Deque<Sent>> underWay = new LinkedHashMap<>();
  private @Nullable Revocation revocation;
  private long clock = Organisation.BEGIN.toEpochMilli();

  /** An envelope on its way to Kafka. */
  record Sent(Envelope envelope, long observedAt) {}

  private LogWriter(String name, long seed, int partitions) {
    this.name = name;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < partitions; i++) {
      this.partitions.add(new ArrayList<>());
    }
  }

  /** A whole log of about {@code records} records. */
  static CleanLog make(long seed, int partitions, int records) {
    return java.util.Objects.requireNonNull(make(seed, partitions, records, NOT_FILLED));
  }

  /** One whose partition 0 holds exactly {@code size} links, null when its story has more. */
  static @Nullable CleanLog withFirstPartitionOf(long seed, long size) {
    return make(seed, 3, 0, size);
  }

  private static @Nullable CleanLog make(long seed, int partitions, int records, long fill) {
    LogWriter writer =
        new LogWriter(
            "log(seed %d, %d partitions, %d records, filled to %d)"
                .formatted(seed, partitions, records, fill),
            seed,
            partitions);
    writer.tellStory();
    writer.goOn(records);
    writer.flush();
    return fill == NOT_FILLED || writer.fill(fill) ? writer.done() : null;
  }

  /** One record: the genesis of a collector that then fell silent. */
  static CleanLog ofOneRecord() {
    LogWriter writer = new LogWriter("log of one record", 1, 2);
    var _ = writer.enrol();
    writer.flush();
    return writer.done();
  }

  private CleanLog done() {
    return new CleanLog(name, partitions, chains, revocation);
  }

  // --- what happens

  private void tellStory() {
    int count = 5 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      var _ = enrol();
    }
    List<Deque<Runnable>> acts = new ArrayList<>();
    for (WritingCollector collector : List.copyOf(collectors)) {
      acts.add(new ArrayDeque<>(acts(collector)));
    }
    // What revokes a key does not come before that key's last record was made.
    while (acts.stream().anyMatch(a -> !a.isEmpty())) {
      Deque<Runnable> some = acts.get(random.nextInt(acts.size()));
      if (!some.isEmpty()) {
        some.removeFirst().run();
        deliverSome();
      }
    }
  }

  private List<Runnable> acts(WritingCollector c) {
    Runnable batch = () -> c.batch(sealSize());
    return switch (c.number()) {
      case 0 -> List.of(batch, c::rotate, batch, batch, c::rotate, batch);
      case 1 -> List.of(batch, c::stop, () -> c.restart(true), batch);
      case REVOKED -> List.of(batch, batch, () -> revoke(c), c::renew, batch);
      case 3 -> List.of(batch, () -> c.late(1 + random.nextInt(4), sealSize()), batch);
      case 4 -> List.of(batch, () -> c.resend(random), batch, c::stop);
      default -> List.of(batch, () -> c.restart(false), batch, () -> c.restart(true), batch);
    };
  }

  private void goOn(int records) {
    while (made() < records) {
      WritingCollector c = collectors.get(random.nextInt(collectors.size()));
      int what = c.isStopped() ? 0 : random.nextInt(40);
      switch (what) {
        case 0 -> c.restart(true);
        case 1 -> c.stop();
        case 2 -> c.restart(random.nextInt(3) > 0);
        case 3 -> c.late(1 + random.nextInt(4), sealSize());
        case 4, 5 -> c.resend(random);
        default -> c.batch(sealSize());
      }
      deliverSome();
    }
  }

  private int made() {
    return chains.values().stream().mapToInt(ChainView::size).sum();
  }

  /** Half of all seals cover one event, and some are as large as seals may be. */
  private int sealSize() {
    return switch (random.nextInt(8)) {
      case 0 -> 2 + random.nextInt(2);
      case 1, 2 -> 3 + random.nextInt(6);
      case 3 -> random.nextInt(4) == 0 ? 64 : 9 + random.nextInt(8);
      default -> 1;
    };
  }

  private WritingCollector enrol() {
    WritingCollector collector = new WritingCollector(this, collectors.size());
    collectors.add(collector);
    underWay.put(collector, new ArrayDeque<>());
    collector.open(null, false);
    return collector;
  }

  /** The root revokes the key, and another collector records it. */
  private void revoke(WritingCollector c) {
    ChainHead last = c.head();
    Revocation revoked =
        Revocation.sign(
            Organisation.ROOT,
            c.signer().keyId(),
            last.chain(),
            last.sequence(),
            last.link(),
            "laptop lost");
    revocation = revoked;
    collectors.get(REVOKED + 1).record(revoked.body());
  }

  /** Adds to partition 0 until its log has that size; false when it has more already. */
  private boolean fill(long size) {
    long missing = size - distinct(0);
    if (missing < 0) {
      return false;
    }
    WritingCollector filling = null;
    while (missing > 0) {
      if (filling == null) {
        WritingCollector next = enrol();
        flush();
        missing = size - distinct(0);
        filling = next.view().partition() == 0 ? next : null;
      } else {
        int some = (int) Math.min(missing, 64);
        filling.batch(some);
        flush();
        missing -= some;
      }
    }
    return missing == 0;
  }

  private long distinct(int partition) {
    return chains.values().stream()
        .filter(chain -> chain.partition() == partition)
        .mapToLong(ChainView::size)
        .sum();
  }

  // --- delivery

  void send(WritingCollector from, Sent sent) {
    java.util.Objects.requireNonNull(underWay.get(from)).add(sent);
  }

  private void deliverSome() {
    int count = random.nextInt(12);
    List<Deque<Sent>> queues = List.copyOf(underWay.values());
    for (int i = 0; i < count; i++) {
      deliver(queues.get(random.nextInt(queues.size())).poll());
    }
  }

  private void flush() {
    underWay
        .values()
        .forEach(queue -> {
          while (!queue.isEmpty()) {
            deliver(queue.poll());
          }
        });
  }

  private void deliver(@Nullable Sent sent) {
    if (sent == null) {
      return;
    }
    ChainView chain = view(sent.envelope().chain());
    List<Row> partition = partitions.get(chain.partition());
    chain.storedAt(sent.envelope(), partition.size());
    partition.add(Row.of(sent.envelope(), sent.observedAt()));
  }

  // --- for the collectors

  ChainView view(ChainId chain) {
    return java.util.Objects.requireNonNull(chains.get(chain));
  }

  void opened(ChainView chain) {
    chains.put(chain.id(), chain);
  }

  int home(ChainId chain) {
    return Utils.toPositive(Utils.murmur2(chain.toByteArray())) % partitions.size();
  }

  /** The next moment's event. */
  Event event(Body body) {
    clock += 1 + random.nextInt(20);
    return Organisation.event(
        "%s, %d".formatted(name, clock), java.time.Instant.ofEpochMilli(clock), body);
  }

  byte[] encoded(Body body) {
    return Formats.EVENT.encode(event(body));
  }

  long clock() {
    return clock;
  }
}
