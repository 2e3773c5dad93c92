package dev.custody.correlate;

import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.Draft;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.wire.RecordFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Role chaining: when the provider's record of a credential that was handed out is attributed to a
 * session, that session is told of it, and so claims what is done with it. Its rivals are told as
 * well: they may hold it, are shown, and named only where a command of theirs tells of the use. Who
 * may no longer hold it is told that too, by the record under its own key that names another.
 */
public final class LineageProcessor implements Processor<String, Attribution, String, Attribution> {
  /** State store of who was told of which event. */
  public static final String STORE = "lineage";

  /** Format of the store. */
  public static final RecordFormat<Told> TOLD =
      RecordFormat.of(Told.class, LineageProcessor.class, "told.avsc");

  /**
   * Who was told of an event.
   *
   * @param revision of the newest attribution
   * @param candidates who may hold the credential, as they were told; the one that is named first
   * @param changes how often that has changed
   * @param observedAt when the event was observed
   */
  public record Told(long revision, List<Candidate> candidates, int changes, Instant observedAt) {
    static final Told NOTHING = new Told(-1, List.of(), 0, Instant.EPOCH);

    /** Copies. */
    public Told {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What is told comes back as an attribution of what was done with the credential, never as one of
   * the record itself; should two records ever answer each other, that ends here. A record of a key
   * that many sessions know changes with their calls, hundreds of times on a busy day.
   */
  private static final int MOST_CHANGES = 1024;

  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private static final Candidate NOBODY =
      new Candidate(
          null, null, null, null, null, null, Grade.UNATTRIBUTED, List.of(), List.of(), null);

  private static final Logger LOG = LoggerFactory.getLogger(LineageProcessor.class);

  private @Nullable ProcessorContext<String, Attribution> context;
  private @Nullable KeyValueStore<String, Told> store;

  @Override
  public void init(ProcessorContext<String, Attribution> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    KeyValueStore<String, Told> told = Objects.requireNonNull(store);
    Attribution event = record.value();
    Told before = Objects.requireNonNullElse(told.get(record.key()), Told.NOTHING);
    if (before.revision() >= event.revision()) {
      return;
    }
    List<Candidate> holders = holders(event);
    boolean same = holders.equals(before.candidates());
    int changes = before.changes() + (same ? 0 : 1);
    told.put(record.key(), new Told(event.revision(), holders, changes, event.observedAt()));
    if (changes > MOST_CHANGES && !same) {
      LOG.error("who was given the credential of event {} changes without end", record.key());
    } else if (!same) {
      tell(before.candidates(), holders, event, record.timestamp());
    }
  }

  /** Who may hold the credential that the event hands out: one a session, who is named first. */
  private static List<Candidate> holders(Attribution event) {
    Map<String, Candidate> holders = new LinkedHashMap<>();
    Candidate best = event.best();
    if (best.grade() != Grade.UNATTRIBUTED && best.session() != null) {
      holders.put(best.session(), holder(best));
    }
    for (Candidate rival : event.rivals()) {
      // What the issuer itself settled is nobody else's.
      if (rival.session() != null && best.grade() != Grade.PROVEN) {
        holders.putIfAbsent(rival.session(), holder(rival).graded(Grade.UNATTRIBUTED, List.of()));
      }
    }
    return List.copyOf(holders.values());
  }

  /**
   * Who holds the credential, without what led there: that changes with each claim that is made.
   */
  private static Candidate holder(Candidate c) {
    return c.during(null).because(List.of()).shownBy(List.of()).concerned(List.of());
  }

  private void tell(
      List<Candidate> before, List<Candidate> now, Attribution event, long timestamp) {
    for (Candidate one : before) {
      if (now.stream().noneMatch(n -> session(n).equals(session(one)))) {
        forward(session(one), naming(event, NOBODY), timestamp);
      }
    }
    for (Candidate one : now) {
      if (!before.contains(one)) {
        forward(session(one), naming(event, one), timestamp);
      }
    }
  }

  private static String session(Candidate holder) {
    return Objects.requireNonNull(holder.session());
  }

  private static Attribution naming(Attribution event, Candidate who) {
    return Draft.with(
        event, event.revision(), who, event.humanGrade(), List.of(), 0, event.delegation());
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(ClaimProcessor.KEPT);
    KeyValueStore<String, Told> told = Objects.requireNonNull(store);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, Told> all = told.all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.observedAt().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(told::delete);
  }

  private void forward(String session, Attribution event, long timestamp) {
    Objects.requireNonNull(context).forward(new Record<>(session, event, timestamp));
  }
}
