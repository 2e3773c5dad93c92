package dev.custody.detect;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
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

  private final Sightings sightings;
  private @Nullable ProcessorContext<String, Consequence> context;
  private @Nullable KeyValueStore<String, DetectState> store;

  /** What an attribution leads to. */
  public sealed interface Consequence {
    /** An edge of a trace. */
    record Edge(TraceEdge edge) implements Consequence {}

    /** A rule sees something, or no longer does. */
    record Seen(Sighting sighting) implements Consequence {}
  }

  /** With the rules of {@code sightings}. */
  public DetectProcessor(Sightings sightings) {
    this.sightings = sightings;
  }

  @Override
  public void init(ProcessorContext<String, Consequence> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
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
    List<Sighting> seen = sightings.in(event);
    if (before != null) {
      takeBack(before, edges, seen, event.revision(), record.timestamp());
    }
    edges.forEach(edge -> forward(edge.prompt(), new Consequence.Edge(edge), record.timestamp()));
    seen.forEach(s -> forward(s.finding(), new Consequence.Seen(s), record.timestamp()));
    states.put(record.key(), new DetectState(event.revision(), edges, seen));
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

  private void forward(String key, Consequence consequence, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(key, consequence, timestamp));
  }
}
