package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.delegation.Standing;
import dev.custody.event.Human;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Judges each act of a human's agents against that human's delegations. A grant, a revocation or
 * the end of a session that arrives late judges the acts anew that it can change, and no others:
 * those from shortly before it was recorded.
 */
public final class DelegationProcessor
    implements Processor<String, ActorMessage, String, Attribution> {
  /** State store of the grants: human, issue time, delegation id and event. */
  public static final String GRANTS = "grants";

  /** State store of revocations and session ends: human, time of record, event id. */
  public static final String ENDINGS = "endings";

  /** State store of the acts: human, moment that counts, event id. */
  public static final String ACTS = "acts";

  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final int HUMANS_CACHED = 1_024;

  // What is recorded of a human's delegations, read and parsed once; dropped when some is added.
  private final Map<String, KnownDelegations> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KnownDelegations> eldest) {
          return size() > HUMANS_CACHED;
        }
      };

  private @Nullable ProcessorContext<String, Attribution> context;
  private @Nullable KeyValueStore<Bytes, Grant> grants;
  private @Nullable KeyValueStore<Bytes, Ending> endings;
  private @Nullable KeyValueStore<Bytes, Attribution> acts;

  @Override
  public void init(ProcessorContext<String, Attribution> context) {
    this.context = context;
    this.grants = context.getStateStore(GRANTS);
    this.endings = context.getStateStore(ENDINGS);
    this.acts = context.getStateStore(ACTS);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, ActorMessage> record) {
    Grant grant = record.value().grant();
    if (grant != null) {
      take(grant, record.timestamp());
    }
    Ending ending = record.value().ending();
    if (ending != null) {
      take(ending, record.timestamp());
    }
    Attribution act = record.value().event();
    if (act != null) {
      take(act, record.timestamp());
    }
  }

  private void take(Attribution act, long timestamp) {
    Attribution judged = judge(act, act.revision());
    if (act.best().agent() != null || act.kind().equals("DelegationGranted")) {
      acts().put(key(judged), judged);
    }
    forward(judged, timestamp);
    Human human = act.best().human();
    if (act.kind().equals("SessionEnded") && act.best().session() != null && human != null) {
      take(
          new Ending(human.id(), null, act.best().session(), act.event(), act.observedAt(), ""),
          timestamp);
    }
  }

  private void take(Grant grant, long timestamp) {
    grants()
        .put(
            SpanKey.of(grant.grantor(), grant.issuedAt(), grant.id() + "|" + grant.grantedIn()),
            grant);
    known.remove(grant.grantor());
    judgeAnew(grant.grantor(), grant.observedAt().minus(DelegationJudge.TOLD_BEFORE), timestamp);
  }

  private void take(Ending ending, long timestamp) {
    endings()
        .put(SpanKey.of(ending.grantor(), ending.observedAt(), ending.event().toString()), ending);
    // The end of a session that no delegation is bound to changes nothing.
    String session = ending.session();
    if (session == null
        || KnownDelegations.boundSessions(grantsOf(ending.grantor())).contains(session)) {
      known.remove(ending.grantor());
      judgeAnew(ending.grantor(), ending.observedAt().minus(Standing.SKEW), timestamp);
    }
  }

  /** Judges the acts of {@code human} from {@code start} on; what comes out changed is told. */
  private void judgeAnew(String human, Instant start, long timestamp) {
    List<Attribution> revised = new ArrayList<>();
    Instant from = start.isBefore(SpanKey.FIRST) ? SpanKey.FIRST : start;
    try (KeyValueIterator<Bytes, Attribution> found =
        acts().range(SpanKey.from(human, from), SpanKey.through(human, SpanKey.LAST))) {
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
    Human human = act.best().human();
    KnownDelegations delegations =
        human == null
            ? KnownDelegations.NONE
            : known.computeIfAbsent(human.id(), this::delegationsOf);
    DelegationUse use = DelegationJudge.judge(act, delegations);
    return Draft.with(
        act, revision, act.best(), Draft.humanGrade(human), act.rivals(), act.moreRivals(), use);
  }

  private KnownDelegations delegationsOf(String human) {
    List<Grant> granted = grantsOf(human);
    if (granted.isEmpty()) {
      return KnownDelegations.NONE;
    }
    Set<String> bound = KnownDelegations.boundSessions(granted);
    List<Ending> ended = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ending> all =
        endings().range(SpanKey.from(human, SpanKey.FIRST), SpanKey.through(human, SpanKey.LAST))) {
      all.forEachRemaining(entry -> {
        String session = entry.value.session();
        if (session == null || bound.contains(session)) {
          ended.add(entry.value);
        }
      });
    }
    return KnownDelegations.of(granted, ended);
  }

  private List<Grant> grantsOf(String human) {
    List<Grant> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Grant> all =
        grants().range(SpanKey.from(human, SpanKey.FIRST), SpanKey.through(human, SpanKey.LAST))) {
      all.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  private static Bytes key(Attribution act) {
    Human human = act.best().human();
    return SpanKey.of(
        human == null ? "" : human.id(), DelegationJudge.moment(act), act.event().toString());
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
    sweepEndings(limit);
  }

  // No act is kept that the end of so old a session could change; a revocation is for good.
  private void sweepEndings(Instant limit) {
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, Ending> all = endings().all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.session() != null && entry.value.observedAt().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    old.forEach(endings()::delete);
  }

  private KeyValueStore<Bytes, Grant> grants() {
    return Objects.requireNonNull(grants);
  }

  private KeyValueStore<Bytes, Ending> endings() {
    return Objects.requireNonNull(endings);
  }

  private KeyValueStore<Bytes, Attribution> acts() {
    return Objects.requireNonNull(acts);
  }
}
