package dev.custody.detect;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Says what an attribution leads to, edges of traces and sightings of rules, and takes back what an
 * earlier attribution of the same event led to. Only the highest revision speaks.
 */
public final class DetectProcessor
    implements Processor<String, Attribution, String, DetectProcessor.Consequence> {
  /** State store of what each event led to. */
  public static final String STORE = "consequences";

  /** As long as attributions are made anew, and the topics of what they led to last. */
  private static final Duration KEPT = Duration.ofDays(90);

  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private final Sightings sightings;
  private final Groups groups;
  private @Nullable ProcessorContext<String, Consequence> context;
  private @Nullable KeyValueStore<String, DetectState> store;

  /** What an attribution leads to. */
  public sealed interface Consequence {
    /** An edge of a trace. */
    record Edge(TraceEdge edge) implements Consequence {}

    /** A rule sees something, or no longer does. */
    record Seen(Sighting sighting) implements Consequence {}

    /** An event is of a group of a correlation, or no longer is. */
    record Counted(GroupMessage message) implements Consequence {}

    /** An event is evidence of a correlation's match, or no longer is. */
    record Part(Shown shown) implements Consequence {}
  }

  /** With the rules of {@code sightings}, and the correlations of {@code groups}. */
  public DetectProcessor(Sightings sightings, Groups groups) {
    this.sightings = sightings;
    this.groups = groups;
  }

  @Override
  public void init(ProcessorContext<String, Consequence> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    Attribution event = record.value();
    KeyValueStore<String, DetectState> states = Objects.requireNonNull(store);
    DetectState before = states.get(record.key());
    if (before != null && before.revision() >= event.revision()) {
      return;
    }
    List<TraceEdge> edges = TraceEdges.of(event);
    Set<String> hits = sightings.hits(event);
    List<Sighting> seen = sightings.of(event, hits.stream().filter(groups::tells).toList());
    if (before != null) {
      takeBack(before, edges, seen, event.revision(), record.timestamp());
    }
    edges.forEach(edge -> forward(edge.prompt(), new Consequence.Edge(edge), record.timestamp()));
    seen.forEach(s -> forward(s.finding(), new Consequence.Seen(s), record.timestamp()));
    Correlated known = before == null ? null : before.correlated();
    Correlated now = correlated(event, groups.of(hits, event), known, record.timestamp());
    states.put(
        record.key(), new DetectState(event.revision(), edges, seen, event.observedAt(), now));
  }

  /** Tells the groups what changed, and the findings of correlations that the evidence did. */
  private @Nullable Correlated correlated(
      Attribution event,
      List<Contribution> contributions,
      @Nullable Correlated before,
      long timestamp) {
    Evidence evidence = Sightings.evidence(event);
    Correlated now =
        before == null
            ? new Correlated(evidence, contributions, List.of(), List.of())
            : new Correlated(evidence, contributions, before.shown(), before.completed());
    GroupChanges.between(before == null ? List.of() : before.counted(), now.counted())
        .forEach((key, change) ->
            forward(
                key,
                new Consequence.Counted(
                    change.message(event.event(), event.occurredAt(), event.observedAt())),
                timestamp));
    if (before != null && !before.evidence().equals(evidence)) {
      before.shown().stream()
          .map(s -> s.sighting(evidence))
          .forEach(s -> forward(s.finding(), new Consequence.Seen(s), timestamp));
    }
    return now.isEmpty() ? null : now;
  }

  private void takeBack(
      DetectState before,
      List<TraceEdge> edges,
      List<Sighting> seen,
      long revision,
      long timestamp) {
    for (TraceEdge old : before.edges()) {
      boolean stays =
          edges.stream()
              .anyMatch(e ->
                  e.prompt().equals(old.prompt())
                      && e.from().equals(old.from())
                      && e.to().equals(old.to()));
      if (!stays) {
        forward(old.prompt(), new Consequence.Edge(withdrawn(old, revision)), timestamp);
      }
    }
    for (Sighting old : before.sightings()) {
      if (seen.stream().noneMatch(s -> s.finding().equals(old.finding()))) {
        forward(old.finding(), new Consequence.Seen(old.takenBack()), timestamp);
      }
    }
  }

  private static TraceEdge withdrawn(TraceEdge e, long revision) {
    return new TraceEdge(
        e.prompt(),
        e.from(),
        e.to(),
        e.relation(),
        e.grade(),
        e.occurredAt(),
        e.reasons(),
        e.evidence(),
        revision,
        true);
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    KeyValueStore<String, DetectState> states = Objects.requireNonNull(store);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, DetectState> all = states.all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.observedAt().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(states::delete);
  }

  private void forward(String key, Consequence consequence, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(key, consequence, timestamp));
  }
}
