package dev.custody.detect;

import dev.custody.detect.DetectProcessor.Consequence;
import dev.custody.detect.MatchMessage.Raised;
import dev.custody.event.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a correlation's match. The event that completes it tells the events that it rests
 * on, and counts the match in the groups of outer correlations; each of them shows itself in the
 * match's finding. It works on the rows of {@link DetectProcessor}, which know the events.
 */
public final class ShowProcessor implements Processor<String, MatchMessage, String, Consequence> {
  private final Groups groups;
  private @Nullable ProcessorContext<String, Consequence> context;
  private @Nullable KeyValueStore<String, DetectState> store;

  /** Of the correlations of {@code groups}. */
  public ShowProcessor(Groups groups) {
    this.groups = groups;
  }

  @Override
  public void init(ProcessorContext<String, Consequence> context) {
    this.context = context;
    this.store = context.getStateStore(DetectProcessor.STORE);
  }

  @Override
  public void process(Record<String, MatchMessage> record) {
    KeyValueStore<String, DetectState> states = Objects.requireNonNull(store);
    DetectState state = states.get(record.key());
    Correlated known = state == null ? null : state.correlated();
    if (state == null || known == null) {
      return; // Older than what is kept.
    }
    Raised raised = record.value().raised();
    Shown shown = record.value().shown();
    Correlated now =
        raised != null
            ? completed(EventId.parse(record.key()), state, known, raised, record.timestamp())
            : shown(known, Objects.requireNonNull(shown), record.timestamp());
    if (!now.equals(known)) {
      states.put(record.key(), state.with(now.isEmpty() ? null : now));
    }
  }

  /** The event completes a match, or one that rests on other events now, or none any more. */
  private Correlated completed(
      EventId event, DetectState state, Correlated known, Raised raised, long timestamp) {
    Completed before =
        known.completed().stream()
            .filter(
                c -> c.correlation().equals(raised.correlation()) && c.key().equals(raised.key()))
            .findFirst()
            .orElse(null);
    Completed now = completed(event, state, known, raised);
    List<Completed> all = new ArrayList<>(known.completed());
    all.remove(before);
    if (now != null) {
      all.add(now);
    }
    Correlated after = new Correlated(known.evidence(), known.contributions(), known.shown(), all);
    tell(before, now, timestamp);
    GroupChanges.between(known.counted(), after.counted())
        .forEach((key, change) ->
            forward(
                key,
                new Consequence.Counted(
                    change.message(event, known.evidence().occurredAt(), state.observedAt())),
                timestamp));
    return after;
  }

  /** Null when there is no match, or the event left its group: that follows then. */
  private @Nullable Completed completed(
      EventId event, DetectState state, Correlated known, Raised raised) {
    Contribution of = known.in(raised.correlation(), raised.key());
    if (of == null || raised.evidence().isEmpty()) {
      return null;
    }
    return new Completed(
        raised.correlation(),
        raised.key(),
        raised.evidence(),
        groups.shown(of, event, Sightings.day(raised.occurredAt())),
        groups.outer(of, event, known.evidence().occurredAt(), state.observedAt()));
  }

  private void tell(@Nullable Completed before, @Nullable Completed now, long timestamp) {
    Shown was = before == null ? null : before.shown();
    Shown is = now == null ? null : now.shown();
    boolean same = Objects.equals(was, is);
    List<EventId> old = before == null || was == null ? List.of() : before.evidence();
    List<EventId> present = now == null || is == null ? List.of() : now.evidence();
    for (EventId each : old) {
      if (was != null && (!same || !present.contains(each))) {
        forward(each.toString(), new Consequence.Part(was.takenBack()), timestamp);
      }
    }
    for (EventId each : present) {
      if (is != null && (!same || !old.contains(each))) {
        forward(each.toString(), new Consequence.Part(is), timestamp);
      }
    }
  }

  /** One finding may show an event for several matches: it goes with the last of them. */
  private Correlated shown(Correlated known, Shown shown, long timestamp) {
    List<Shown> all = new ArrayList<>(known.shown());
    all.removeIf(s -> s.match().equals(shown.match()) && s.finding().equals(shown.finding()));
    if (!shown.withdrawn()) {
      all.add(shown);
    }
    Correlated now =
        new Correlated(known.evidence(), known.contributions(), all, known.completed());
    if (known.isShownIn(shown.finding()) != now.isShownIn(shown.finding())) {
      Sighting sighting = shown.sighting(known.evidence());
      forward(sighting.finding(), new Consequence.Seen(sighting), timestamp);
    }
    return now;
  }

  private void forward(String key, Consequence consequence, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(key, consequence, timestamp));
  }
}
