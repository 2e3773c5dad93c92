package dev.custody.complete;

import dev.custody.attribution.Attribution;
import dev.custody.coverage.Counter;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import dev.custody.due.Deadlines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Looks whether all of a session was heard: its calls, its prompts, the numbers of its sources. */
public final class CompletenessProcessor
    implements Processor<String, Attribution, String, Sighting> {
  /** State store of the sessions. */
  public static final String SESSIONS = "coverage";

  /** State store of the tool calls: session, call id. */
  public static final String CALLS = "witnesses";

  /** State store of the prompts: session, prompt. */
  public static final String PROMPTS = "prompts";

  /** State store of the deadlines. */
  public static final String DEADLINES = "coverage-deadlines";

  /** How long a session is looked at after its last event. */
  static final Duration KEPT = Duration.ofDays(90);

  private static final Duration CHECK_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_EVERY = Duration.ofHours(6);
  private static final char CALL = 'c';
  private static final char PROMPT = 'p';
  private static final char SESSION = 's';
  private static final char BETWEEN = '\0';

  private final Saying saying;
  private @Nullable ProcessorContext<String, Sighting> context;
  private @Nullable KeyValueStore<String, SessionCoverage> sessions;
  private @Nullable KeyValueStore<Bytes, CallWitness> calls;
  private @Nullable KeyValueStore<Bytes, PromptUse> prompts;
  private @Nullable Deadlines deadlines;

  /** With the rules of {@code sightings}. */
  public CompletenessProcessor(Sightings sightings) {
    this.saying = new Saying(sightings);
  }

  @Override
  public void init(ProcessorContext<String, Sighting> context) {
    this.context = context;
    this.sessions = context.getStateStore(SESSIONS);
    this.calls = context.getStateStore(CALLS);
    this.prompts = context.getStateStore(PROMPTS);
    this.deadlines = new Deadlines(context.getStateStore(DEADLINES));
    context.schedule(CHECK_EVERY, PunctuationType.STREAM_TIME, this::fire);
    context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fire);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    String session = record.key();
    Attribution event = record.value();
    boolean within = session.equals(event.best().session());
    Counter run = Counter.of(event.source());
    boolean counts = run != null && run.ofRun() && run.name().equals(session);
    if (!within && !counts) {
      return;
    }
    SessionCoverage before =
        Objects.requireNonNullElseGet(sessions().get(session), SessionCoverage::empty);
    SessionCoverage after = within ? before.after(event) : before;
    if (counts) {
      after = after.counted(Objects.requireNonNull(run), event);
    }
    sessions().put(session, after);
    schedule(session, before, after);
    boolean otherwise =
        !before.channels().equals(after.channels())
            || !Objects.equals(before.ended(), after.ended());
    if (within && CallWitness.tells(event)) {
      Bytes row = row(session, String.valueOf(event.best().toolCall()));
      CallWitness known = calls().get(row);
      CallWitness call = CallWitness.after(known, event);
      schedule(session, known, call);
      calls().put(row, call);
      judge(session, after, row, call);
    }
    if (within && PromptUse.tells(event)) {
      Bytes row = row(session, String.valueOf(event.best().prompt()));
      PromptUse use =
          Objects.requireNonNullElseGet(prompts().get(row), PromptUse::empty).after(event);
      if (use.used() != null) {
        dueIn(SessionCoverage.GRACE, use.used(), PROMPT, session, event.best().prompt());
      }
      prompts().put(row, use);
      judge(session, after, row, use);
    }
    if (otherwise) {
      judgeCalls(session, after);
    }
    judge(session, after);
  }

  private void schedule(String session, SessionCoverage before, SessionCoverage after) {
    Instant since = after.missingSince();
    if (since != null && !since.equals(before.missingSince())) {
      dueIn(SessionCoverage.GRACE, since, SESSION, session, "");
    }
    Instant ended = after.ended();
    if (ended != null && !ended.equals(before.ended())) {
      dueIn(SessionCoverage.GRACE, ended, SESSION, session, "");
    }
  }

  private void schedule(String session, @Nullable CallWitness known, CallWitness call) {
    Instant completed = call.completed();
    if (completed != null && (known == null || !completed.equals(known.completed()))) {
      dueIn(SessionCoverage.GRACE, completed, CALL, session, call.id());
    }
    Instant requested = call.requested();
    if (call.isOpen() && requested != null && (known == null || known.requested() == null)) {
      dueIn(CallWitness.LONGEST, requested, CALL, session, call.id());
    }
  }

  private void dueIn(
      Duration grace, Instant since, char what, String session, @Nullable String id) {
    due().set(since.plus(grace), what + session + BETWEEN + id);
  }

  private void fire(long now) {
    for (Deadlines.Due due : due().take(now)) {
      int between = due.what().indexOf(BETWEEN);
      String session = due.what().substring(1, between);
      SessionCoverage before = sessions().get(session);
      if (before == null) {
        continue;
      }
      SessionCoverage coverage = before.passing(due.at());
      sessions().put(session, coverage);
      Bytes row = row(session, due.what().substring(between + 1));
      switch (due.what().charAt(0)) {
        case CALL -> judge(session, coverage, row, calls().get(row));
        case PROMPT -> judge(session, coverage, row, prompts().get(row));
        default -> {
          judge(session, coverage);
          judgeCalls(session, coverage);
        }
      }
    }
  }

  private void judge(String session, SessionCoverage coverage) {
    var now = saying.of(coverage.gaps(session));
    if (!now.equals(coverage.told())) {
      Saying.differ(coverage.told(), now, this::forward);
      sessions().put(session, coverage.telling(now));
    }
  }

  private void judge(
      String session, SessionCoverage coverage, Bytes row, @Nullable CallWitness call) {
    if (call == null) {
      return;
    }
    var now = saying.of(call.gaps(session, coverage));
    if (!now.equals(call.told())) {
      Saying.differ(call.told(), now, this::forward);
      calls().put(row, call.telling(now));
    }
  }

  private void judge(String session, SessionCoverage coverage, Bytes row, @Nullable PromptUse use) {
    if (use == null) {
      return;
    }
    var now = saying.of(use.gaps(session, coverage));
    if (!now.equals(use.told())) {
      Saying.differ(use.told(), now, this::forward);
      prompts().put(row, use.telling(now));
    }
  }

  private void judgeCalls(String session, SessionCoverage coverage) {
    Map<Bytes, CallWitness> all = new LinkedHashMap<>();
    try (KeyValueIterator<Bytes, CallWitness> rows =
        calls().range(row(session, ""), row(session + "\1", ""))) {
      rows.forEachRemaining(entry -> all.put(entry.key, entry.value));
    }
    all.forEach((row, call) -> judge(session, coverage, row, call));
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    try (KeyValueIterator<String, SessionCoverage> all = sessions().all()) {
      while (all.hasNext()) {
        var entry = all.next();
        if (entry.value.lastObserved().isBefore(limit)) {
          sessions().delete(entry.key);
          forget(calls(), entry.key);
          forget(prompts(), entry.key);
        }
      }
    }
  }

  private static <V> void forget(KeyValueStore<Bytes, V> store, String session) {
    try (KeyValueIterator<Bytes, V> rows = store.range(row(session, ""), row(session + "\1", ""))) {
      rows.forEachRemaining(entry -> store.delete(entry.key));
    }
  }

  private void forward(Sighting sighting) {
    ProcessorContext<String, Sighting> to = Objects.requireNonNull(context);
    to.forward(new Record<>(sighting.finding(), sighting, Math.max(0, to.currentStreamTimeMs())));
  }

  private static Bytes row(String session, String id) {
    return Bytes.wrap((session + BETWEEN + id).getBytes(StandardCharsets.UTF_8));
  }

  private KeyValueStore<String, SessionCoverage> sessions() {
    return Objects.requireNonNull(sessions);
  }

  private KeyValueStore<Bytes, CallWitness> calls() {
    return Objects.requireNonNull(calls);
  }

  private KeyValueStore<Bytes, PromptUse> prompts() {
    return Objects.requireNonNull(prompts);
  }

  private Deadlines due() {
    return Objects.requireNonNull(deadlines);
  }
}
