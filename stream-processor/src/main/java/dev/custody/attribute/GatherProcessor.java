package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import dev.custody.event.EventId;
import dev.custody.event.IdentifierKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Brings an event and the answers of its tokens together again; their number is known, so nothing
 * is said before all have spoken.
 *
 * <p>What an agent's credential or tag did, and no tool call of the agent, is an orphan once a
 * grace has passed: a stored deadline, that fires when the partition's own time or the wall clock
 * has passed it. A tool call that arrives later closes it again, so when it fired makes no
 * difference to what is said in the end.
 */
public final class GatherProcessor implements Processor<String, EventMessage, String, Attribution> {
  /** State store of the answers, by event id. */
  public static final String STORE = "answers";

  /** State store of the deadlines of orphans: time, event id. */
  public static final String DEADLINES = "deadlines";

  /** How long a tool call may take to be heard of, from when the event was observed. */
  public static final Duration GRACE = Duration.ofMinutes(15);

  /** A step of this stage in a revision; the delegation stage counts below it. */
  static final long REVISION_STEP = 1L << 20;

  /** What each opening of a log anew adds: more than is ever counted for an event. */
  private static final long REOPENED_STEP = 1L << 44;

  private static final String DUE = "due";
  private static final Duration CHECK_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private @Nullable ProcessorContext<String, Attribution> context;
  private @Nullable KeyValueStore<String, Gathered> store;
  private @Nullable KeyValueStore<Bytes, String> deadlines;

  /**
   * The revision of an event's draft: above all that was said before logs were opened anew.
   *
   * @param reopened how often they were
   */
  public static long firstRevision(int reopened) {
    return reopened * REOPENED_STEP;
  }

  @Override
  public void init(ProcessorContext<String, Attribution> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
    this.deadlines = context.getStateStore(DEADLINES);
    context.schedule(CHECK_EVERY, PunctuationType.STREAM_TIME, this::fire);
    context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fire);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, EventMessage> record) {
    Gathered before = of(record.key());
    Gathered after = before;
    Attribution draft = record.value().draft();
    Answer answer = record.value().answer();
    if (draft != null && before.draft() == null) {
      after = after.with(draft, answer.tokens());
    }
    List<Answer> answers = new ArrayList<>(before.answers());
    answers.removeIf(a -> a.token().equals(answer.token()));
    answers.add(answer);
    after = after.with(answers);
    if (!after.equals(before)) {
      tell(before, after, record.timestamp());
    }
  }

  private Gathered of(String event) {
    Gathered known = store().get(event);
    return known == null ? Gathered.nothing() : known;
  }

  /** Keeps {@code after}, and forwards what it says when that is new. */
  private void tell(Gathered before, Gathered after, long timestamp) {
    Attribution draft = after.draft();
    if (draft == null || after.isWaiting()) {
      store().put(key(after), after);
      return;
    }
    Attribution now = said(draft, after);
    boolean told = after.revision() > 0 && now.equals(said(draft, before));
    Gathered kept =
        told ? after : after.at(Math.max(after.revision(), draft.revision()) + REVISION_STEP);
    store().put(key(after), kept);
    if (isOrphan(Merger.merge(draft, after.answers())) && !after.graceOver()) {
      deadlines().put(SpanKey.of(DUE, draft.observedAt().plus(GRACE), key(after)), key(after));
    }
    if (!told) {
      Objects.requireNonNull(context)
          .forward(new Record<>(key(after), Draft.at(now, kept.revision()), timestamp));
    }
  }

  private static String key(Gathered gathered) {
    Attribution draft = gathered.draft();
    EventId event = draft != null ? draft.event() : gathered.answers().getFirst().event();
    return event.toString();
  }

  /** What is said of an event: an orphan is not called one before its grace has passed. */
  private static Attribution said(Attribution draft, Gathered gathered) {
    Attribution merged = Merger.merge(draft, gathered.answers());
    if (!isOrphan(merged)) {
      return merged;
    }
    Candidate best = merged.best();
    List<Concern> concerns = new ArrayList<>(best.concerns());
    concerns.remove(Concern.NO_TOOL_CALL);
    if (gathered.graceOver()) {
      concerns.add(Concern.NO_TOOL_CALL);
    }
    return Draft.with(
        merged,
        merged.revision(),
        best.concerned(concerns),
        merged.humanGrade(),
        merged.rivals(),
        merged.moreRivals(),
        merged.delegation());
  }

  private static boolean isOrphan(Attribution a) {
    boolean marked =
        a.best().grade() == Grade.UNATTRIBUTED
            && a.identifiers().stream().anyMatch(i -> i.kind() == IdentifierKind.SESSION_TAG);
    return marked || a.best().concerns().contains(Concern.NO_TOOL_CALL);
  }

  private void fire(long now) {
    List<Bytes> due = new ArrayList<>();
    List<String> events = new ArrayList<>();
    try (KeyValueIterator<Bytes, String> range =
        deadlines()
            .range(
                SpanKey.from(DUE, SpanKey.FIRST),
                SpanKey.through(DUE, Instant.ofEpochMilli(now)))) {
      range.forEachRemaining(entry -> {
        due.add(entry.key);
        events.add(entry.value);
      });
    }
    due.forEach(deadlines()::delete);
    for (String event : events) {
      Gathered before = of(event);
      if (before.draft() != null && !before.graceOver()) {
        tell(before, before.afterItsGrace(), now);
      }
    }
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(ClaimProcessor.KEPT);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, Gathered> all = store().all()) {
      all.forEachRemaining(entry -> {
        if (since(entry.value).isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(store()::delete);
  }

  // Of an event that itself was never heard of, or no longer is, the id tells when it was made.
  private static Instant since(Gathered gathered) {
    Attribution draft = gathered.draft();
    return draft == null ? madeAt(gathered.answers().getFirst().event()) : draft.observedAt();
  }

  // UUIDv7: milliseconds first.
  private static Instant madeAt(EventId event) {
    return Instant.ofEpochMilli(event.value().getMostSignificantBits() >>> 16);
  }

  private KeyValueStore<String, Gathered> store() {
    return Objects.requireNonNull(store);
  }

  private KeyValueStore<Bytes, String> deadlines() {
    return Objects.requireNonNull(deadlines);
  }
}
