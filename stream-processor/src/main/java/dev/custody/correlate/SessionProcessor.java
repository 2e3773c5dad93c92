package dev.custody.correlate;

import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribution.Attribution;
import dev.custody.event.Identifier;
import dev.custody.wire.RecordFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Follows one session: which identifiers it has come to know, and which tool calls ran when; and
 * makes its claims. What it knows depends on the set of its events, not on their order.
 */
public final class SessionProcessor implements Processor<String, Attribution, String, Claim> {
  /** State store of the sessions. */
  public static final String STORE = "sessions";

  /** State store of the tool calls, a row each: session, call id. */
  public static final String CALLS = "calls";

  /** Format of the sessions. */
  public static final RecordFormat<SessionState> STATE =
      RecordFormat.of(SessionState.class, SessionProcessor.class, "session-state.avsc");

  /** Format of the calls. */
  public static final RecordFormat<Call> CALL =
      RecordFormat.of(Call.class, SessionProcessor.class, "call.avsc");

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Comparator<Shown> BEST_FIRST =
      Comparator.comparing(Shown::inResult)
          .reversed()
          .thenComparing(Shown::since)
          .thenComparing(Shown::toolCall);

  private @Nullable ProcessorContext<String, Claim> context;
  private @Nullable KeyValueStore<String, SessionState> sessions;
  private @Nullable KeyValueStore<Bytes, Call> calls;

  @Override
  public void init(ProcessorContext<String, Claim> context) {
    this.context = context;
    this.sessions = context.getStateStore(STORE);
    this.calls = context.getStateStore(CALLS);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    String session = record.key();
    Attribution event = record.value();
    KeyValueStore<String, SessionState> states = Objects.requireNonNull(sessions);
    SessionState before = Objects.requireNonNullElseGet(states.get(session), SessionState::empty);
    SessionState after = before.after(event, session.equals(event.best().session()));
    Call changed = null;
    Call now = null;
    if (Call.tells(event)) {
      String id = String.valueOf(event.best().toolCall());
      changed = calls().get(row(session, id));
      now = changed == null ? Call.begun(id, event) : changed.after(event);
      calls().put(row(session, id), now);
      after = knowing(session, after, changed, now);
    }
    List<Call> all = after.equals(before) ? List.of() : callsOf(session);
    if (!after.equals(before)) {
      states.put(session, after);
    }
    List<Claim> claims = new ArrayList<>(SessionClaims.commits(event, now));
    claims.addAll(SessionClaims.ofNotes(event));
    claims.addAll(new SessionClaims(session).between(before, after, all, changed, now));
    for (Claim claim : claims) {
      Objects.requireNonNull(context)
          .forward(new Record<>(claim.token(), claim, record.timestamp()));
    }
  }

  /**
   * What the session knows once a call has changed: of each identifier what its best telling says.
   */
  private SessionState knowing(
      String session, SessionState state, @Nullable Call changed, Call now) {
    Set<Identifier> touched = new LinkedHashSet<>(now.named());
    touched.addAll(now.resulted());
    if (changed != null) {
      touched.addAll(changed.named());
      touched.addAll(changed.resulted());
    }
    // Most calls show nothing, and then none of the others has to be read.
    List<Call> all = touched.isEmpty() ? List.of() : callsOf(session);
    SessionState known = state;
    for (Identifier identifier : touched) {
      Shown best =
          all.stream()
              .map(call -> call.shown(identifier))
              .filter(Objects::nonNull)
              .min(BEST_FIRST)
              .orElse(null);
      known = known.with(identifier, best);
    }
    return known;
  }

  private List<Call> callsOf(String session) {
    List<Call> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Call> rows =
        calls().range(row(session, ""), row(session + "\1", ""))) {
      rows.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  private static Bytes row(String session, String call) {
    return Bytes.wrap((session + "\0" + call).getBytes(StandardCharsets.UTF_8));
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(ClaimProcessor.KEPT);
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, Call> all = calls().all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.start().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(calls()::delete);
    sweepSessions(limit);
  }

  /** A session goes when nothing has been heard of it for as long, whether it had calls or none. */
  private void sweepSessions(Instant limit) {
    KeyValueStore<String, SessionState> states = Objects.requireNonNull(sessions);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, SessionState> all = states.all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.heardOn().plus(Duration.ofDays(1)).isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.stream().filter(session -> callsOf(session).isEmpty()).forEach(states::delete);
  }

  private KeyValueStore<Bytes, Call> calls() {
    return Objects.requireNonNull(calls);
  }
}
