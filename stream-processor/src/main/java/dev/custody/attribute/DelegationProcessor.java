package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.event.Human;
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
 * Judges each act of a human's agents against that human's delegations; a grant that arrives late
 * judges the acts before it anew.
 */
public final class DelegationProcessor
    implements Processor<String, ActorMessage, String, Attribution> {
  /** State store of the grants: human, issue time, delegation id. */
  public static final String GRANTS = "grants";

  /** State store of the acts: human, time, event id. */
  public static final String ACTS = "acts";

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  private @Nullable ProcessorContext<String, Attribution> context;
  private @Nullable KeyValueStore<Bytes, Grant> grants;
  private @Nullable KeyValueStore<Bytes, Attribution> acts;

  @Override
  public void init(ProcessorContext<String, Attribution> context) {
    this.context = context;
    this.grants = context.getStateStore(GRANTS);
    this.acts = context.getStateStore(ACTS);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, ActorMessage> record) {
    Grant grant = record.value().grant();
    if (grant != null) {
      take(grant, record.timestamp());
    }
    Attribution act = record.value().event();
    if (act != null) {
      Attribution judged = judge(act, act.revision());
      if (act.best().agent() != null) {
        acts().put(key(judged), judged);
      }
      forward(judged, record.timestamp());
    }
  }

  private void take(Grant grant, long timestamp) {
    grants().put(SpanKey.of(grant.grantor(), grant.issuedAt(), grant.id()), grant);
    List<Attribution> revised = new ArrayList<>();
    try (KeyValueIterator<Bytes, Attribution> found =
        acts()
            .range(
                SpanKey.from(grant.grantor(), SpanKey.FIRST),
                SpanKey.through(grant.grantor(), SpanKey.LAST))) {
      found.forEachRemaining(entry -> {
        Attribution again = judge(entry.value, entry.value.revision() + 1);
        if (!again.delegation().equals(entry.value.delegation())) {
          revised.add(again);
        }
      });
    }
    for (Attribution act : revised) {
      acts().put(key(act), act);
      forward(act, timestamp);
    }
  }

  private Attribution judge(Attribution act, long revision) {
    DelegationUse use = DelegationJudge.judge(act, grantsOf(act.best().human()));
    Human human = act.best().human();
    return Draft.with(
        act, revision, act.best(), Draft.humanGrade(human), act.rivals(), act.moreRivals(), use);
  }

  private List<Grant> grantsOf(@Nullable Human human) {
    List<Grant> found = new ArrayList<>();
    if (human != null) {
      try (KeyValueIterator<Bytes, Grant> all =
          grants()
              .range(
                  SpanKey.from(human.id(), SpanKey.FIRST),
                  SpanKey.through(human.id(), SpanKey.LAST))) {
        all.forEachRemaining(entry -> found.add(entry.value));
      }
    }
    return found;
  }

  private static Bytes key(Attribution act) {
    Human human = act.best().human();
    return SpanKey.of(human == null ? "" : human.id(), act.occurredAt(), act.event().toString());
  }

  private void forward(Attribution attribution, long timestamp) {
    Objects.requireNonNull(context)
        .forward(new Record<>(attribution.event().toString(), attribution, timestamp));
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(ClaimProcessor.KEPT);
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, Attribution> all = acts().all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.observedAt().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(acts()::delete);
  }

  private KeyValueStore<Bytes, Grant> grants() {
    return Objects.requireNonNull(grants);
  }

  private KeyValueStore<Bytes, Attribution> acts() {
    return Objects.requireNonNull(acts);
  }
}
