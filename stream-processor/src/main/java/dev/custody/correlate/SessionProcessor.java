package dev.custody.correlate;

import dev.custody.attribute.Claim;
import dev.custody.attribution.Attribution;
import dev.custody.wire.RecordFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Follows one session: which identifiers it has come to know, and which tool calls ran when; and
 * makes its claims.
 */
public final class SessionProcessor implements Processor<String, Attribution, String, Claim> {
  /** State store of the sessions. */
  public static final String STORE = "sessions";

  /** Format of the store. */
  public static final RecordFormat<SessionState> STATE =
      RecordFormat.of(SessionState.class, SessionProcessor.class, "session-state.avsc");

  private @Nullable ProcessorContext<String, Claim> context;
  private @Nullable KeyValueStore<String, SessionState> store;

  @Override
  public void init(ProcessorContext<String, Claim> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Attribution> record) {
    KeyValueStore<String, SessionState> sessions = Objects.requireNonNull(store);
    SessionState before =
        Objects.requireNonNullElseGet(sessions.get(record.key()), SessionState::empty);
    SessionState after = before.after(record.value());
    List<Claim> claims = new ArrayList<>(SessionClaims.commits(record.value()));
    if (!after.equals(before)) {
      sessions.put(record.key(), after);
      claims.addAll(new SessionClaims(record.key()).between(before, after));
    }
    for (Claim claim : claims) {
      Objects.requireNonNull(context)
          .forward(new Record<>(claim.token(), claim, record.timestamp()));
    }
  }
}
