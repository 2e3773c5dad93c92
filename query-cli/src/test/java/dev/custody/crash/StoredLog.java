package dev.custody.crash;

import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The whole of {@code custody.events}, read and counted without the product's admission: positions
 * of chains, links, tool calls, records of sources.
 */
final class StoredLog {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int LISTED = 20;

  private final Map<ChainId, TreeMap<Long, Stored>> chains = new LinkedHashMap<>();
  private final Map<String, List<String>> calls = new HashMap<>();
  private final Map<String, List<String>> imports = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long records;
  private long repeats;

  /** The first record at one position of a chain. */
  private record Stored(Digest bytes, Digest link, Digest previous, Body body) {}

  private StoredLog() {}

  /** Reads the log of the cluster at {@code servers}, up to its present end. */
  static StoredLog read(String servers) throws WireException {
    StoredLog log = new StoredLog();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.EVENTS.topicName()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          log.add(record);
        }
      }
    }
    log.judgeChains();
    return log;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) throws WireException {
    records++;
    Envelope envelope = Formats.ENVELOPE.decode(record.value());
    Event event = Formats.EVENT.decode(envelope.event().toByteArray());
    String place = envelope.chain() + "#" + envelope.sequence();
    if (record.timestamp() != event.observedAt().toEpochMilli()) {
      fault(
          "%s: expected Kafka's time %s, found %d"
              .formatted(place, event.observedAt(), record.timestamp()));
    }
    Stored stored =
        new Stored(
            Digest.sha256(record.value()),
            Link.of(envelope).hash(),
            envelope.previous(),
            event.body());
    Stored known =
        chains
            .computeIfAbsent(envelope.chain(), _ -> new TreeMap<>())
            .putIfAbsent(envelope.sequence(), stored);
    if (known == null) {
      count(event, place);
    } else if (known.bytes().equals(stored.bytes())) {
      repeats++;
    } else {
      fault("%s: two records with other bytes".formatted(place));
    }
  }

  private void count(Event event, String place) {
    String call = event.toolCall();
    if (event.body() instanceof Body.ToolCallCompleted && call != null) {
      calls.computeIfAbsent(call, _ -> new ArrayList<>(1)).add(place);
    }
    String record = event.source().id();
    if (event.body() instanceof Body.CloudCall && record != null) {
      imports.computeIfAbsent(record, _ -> new ArrayList<>(1)).add(place);
    }
  }

  private void judgeChains() {
    Map<Body.Predecessor, ChainId> successors = new HashMap<>();
    int first = 0;
    for (Map.Entry<ChainId, TreeMap<Long, Stored>> chain : chains.entrySet()) {
      judge(chain.getKey(), chain.getValue());
      Stored genesis = chain.getValue().get(0L);
      Body.@Nullable Predecessor before =
          genesis != null && genesis.body() instanceof Body.Genesis body
              ? body.predecessor()
              : null;
      if (before == null) {
        first++;
      } else {
        follow(chain.getKey(), before, successors);
      }
    }
    if (first != 1) {
      fault("expected 1 chain without a predecessor, found %d".formatted(first));
    }
  }

  private void judge(ChainId chain, Map<Long, Stored> positions) {
    long next = 0;
    Digest link = Digest.ZERO;
    for (Map.Entry<Long, Stored> at : positions.entrySet()) {
      if (at.getKey() != next) {
        fault("%s: expected #%d, found #%d".formatted(chain, next, at.getKey()));
        return;
      }
      if (!at.getValue().previous().equals(link)) {
        fault("%s#%d does not follow the record before it".formatted(chain, next));
      }
      link = at.getValue().link();
      next++;
    }
  }

  private void follow(
      ChainId chain, Body.Predecessor before, Map<Body.Predecessor, ChainId> successors) {
    ChainId rival = successors.put(before, chain);
    if (rival != null) {
      fault("%s and %s follow the same chain".formatted(chain, rival));
    }
    TreeMap<Long, Stored> positions = chains.get(before.chain());
    Map.Entry<Long, Stored> end = positions == null ? null : positions.lastEntry();
    if (end == null
        || end.getKey() != before.sequence()
        || !end.getValue().link().equals(before.link())) {
      fault(
          "%s names %s#%d as its predecessor's end, found #%s"
              .formatted(
                  chain, before.chain(), before.sequence(), end == null ? "none" : end.getKey()));
    }
  }

  /** What is wrong with it by itself, and against what was answered; nothing when all is well. */
  List<String> faults(Journal journal) {
    List<String> all = new ArrayList<>(faults);
    all.addAll(lost("hook", journal.calls(), calls));
    all.addAll(lost("import", journal.imports(), imports));
    return all;
  }

  private static List<String> lost(
      String what, Iterable<String> answered, Map<String, List<String>> stored) {
    List<String> found = new ArrayList<>();
    for (String id : answered) {
      if (!stored.containsKey(id)) {
        found.add("lost: %s %s was answered 200".formatted(what, id));
      }
    }
    stored.forEach((id, places) -> {
      if (places.size() > 1) {
        found.add("%s %s is recorded %d times: %s".formatted(what, id, places.size(), places));
      }
    });
    return found.size() <= LISTED ? found : found.subList(0, LISTED);
  }

  private void fault(String message) {
    if (faults.size() < LISTED) {
      faults.add(message);
    }
  }

  long distinct() {
    return records - repeats;
  }

  long repeats() {
    return repeats;
  }

  @Override
  public String toString() {
    return "%,d records (%,d once more) in %d chains, %,d tool calls, %,d imported records"
        .formatted(records, repeats, chains.size(), calls.size(), imports.size());
  }
}
