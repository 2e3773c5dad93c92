package dev.custody.detect;

import dev.custody.detect.Groups.Looking;
import dev.custody.detect.MatchMessage.Raised;
import dev.custody.due.Deadlines;
import dev.custody.event.EventId;
import dev.custody.window.Change;
import dev.custody.window.GroupState;
import dev.custody.window.Match;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the groups of correlations: which events count in each, and which matches were told to the
 * events that complete them.
 *
 * <p>What another event could contradict is told when its grace has passed, in the time of events
 * or by the clock, whichever is first: told too early it is taken back. Members leave by the time
 * of events alone, so that a log that is read anew long after gives the same.
 */
public final class GroupProcessor implements Processor<String, GroupMessage, String, MatchMessage> {
  /** State store of the groups. */
  public static final String STORE = "groups";

  /** State store of the deadlines. */
  public static final String DEADLINES = "group-deadlines";

  /** Groups of one correlation in one partition; what would need another is not counted. */
  public static final int MOST_GROUPS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(GroupProcessor.class);
  private static final Duration CHECK_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private final Groups groups;
  private final int mostGroups;
  private @Nullable ProcessorContext<String, MatchMessage> context;
  private @Nullable KeyValueStore<Bytes, byte[]> store;
  private @Nullable Deadlines deadlines;
  private @Nullable LiveGroups live;

  /** Of the correlations of {@code groups}. */
  public GroupProcessor(Groups groups) {
    this(groups, MOST_GROUPS);
  }

  /** The same with another bound on the groups of one correlation in one partition. */
  public GroupProcessor(Groups groups, int mostGroups) {
    this.groups = groups;
    this.mostGroups = mostGroups;
  }

  @Override
  public void init(ProcessorContext<String, MatchMessage> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
    this.deadlines = new Deadlines(context.getStateStore(DEADLINES));
    this.live = new LiveGroups(rows(), mostGroups);
    context.schedule(CHECK_EVERY, PunctuationType.STREAM_TIME, this::fire);
    context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fire);
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, GroupMessage> record) {
    byte[] key = HexFormat.of().parseHex(record.key());
    Looking looking = groups.of(key);
    if (looking == null) {
      return; // Of rules that are no longer in force; the sweep takes the group.
    }
    GroupMessage message = record.value();
    byte @Nullable [] before = rows().get(Bytes.wrap(key));
    if (before == null && live().isFull(key)) {
      if (!message.members().isEmpty()
          && live().tell(key, LocalDate.ofInstant(message.occurredAt(), ZoneOffset.UTC))) {
        tell(Groups.Limit.GROUPS, looking, message);
      }
      return;
    }
    GroupState group = GroupState.of(looking.spec(), before);
    boolean saturated = group.saturated();
    long now = streamTime();
    if (message.again()) {
      tell(looking, record.key(), group.withdraw(message.event(), now));
    }
    for (GroupMember each : message.members()) {
      tell(
          looking,
          record.key(),
          group.put(each.member(message.event(), message.occurredAt(), message.observedAt()), now));
    }
    if (group.saturated() && !saturated) {
      tell(Groups.Limit.MEMBERS, looking, message);
    }
    keep(record.key(), key, group, before != null);
  }

  private void tell(Groups.Limit limit, Looking looking, GroupMessage message) {
    LOG.warn("correlation {}: at its limit of {}", looking.correlation().id(), limit);
    for (Shown shown :
        groups.limited(limit, looking.correlation(), message.event(), message.occurredAt())) {
      forward(message.event(), MatchMessage.of(shown));
    }
  }

  private GroupState group(Looking looking, byte[] key) {
    return GroupState.of(looking.spec(), rows().get(Bytes.wrap(key)));
  }

  private void tell(Looking looking, String key, Change change) {
    for (EventId completes : change.gone()) {
      raise(completes, new Raised(looking.correlation().id(), key, Instant.EPOCH, List.of()));
    }
    for (Match match : change.raised()) {
      raise(
          match.completes(),
          new Raised(
              looking.correlation().id(),
              key,
              Instant.ofEpochMilli(match.occurredAt()),
              match.evidence()));
    }
  }

  private void raise(EventId completes, Raised raised) {
    forward(completes, MatchMessage.of(raised));
  }

  private void forward(EventId event, MatchMessage message) {
    Objects.requireNonNull(context)
        .forward(new Record<>(event.toString(), message, Math.max(0, streamTime())));
  }

  /** One deadline a group, which its note names: others that come up are of the past. */
  private void keep(String name, byte[] key, GroupState group, boolean known) {
    long due = group.nextToTell();
    long noted =
        group.note().length == 0 ? Long.MAX_VALUE : ByteBuffer.wrap(group.note()).getLong();
    if (due < noted) {
      Objects.requireNonNull(deadlines).set(Instant.ofEpochMilli(due), name);
      group.note(ByteBuffer.allocate(Long.BYTES).putLong(due).array());
    }
    boolean gone = group.isEmpty() && !group.saturated();
    if (gone) {
      rows().delete(Bytes.wrap(key));
    } else {
      rows().put(Bytes.wrap(key), group.bytes());
    }
    if (gone == known) {
      live().add(key, gone ? -1 : 1);
    }
  }

  private void fire(long now) {
    for (Deadlines.Due due : Objects.requireNonNull(deadlines).take(now)) {
      byte[] key = HexFormat.of().parseHex(due.what());
      Looking looking = groups.of(key);
      GroupState group = looking == null ? null : group(looking, key);
      if (looking != null
          && group != null
          && group.note().length > 0
          && ByteBuffer.wrap(group.note()).getLong() == due.at().toEpochMilli()) {
        group.note(new byte[0]);
        tell(looking, due.what(), group.due(now, streamTime()));
        keep(due.what(), key, group, true);
      }
    }
  }

  private void sweep(long streamTime) {
    List<Bytes> gone = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = rows().all()) {
      all.forEachRemaining(row -> {
        byte[] key = row.key.get();
        Looking looking = groups.of(key);
        boolean count = LiveGroups.isCount(key);
        if (looking == null
            || (!count && GroupState.of(looking.spec(), row.value).isOver(streamTime))) {
          gone.add(row.key);
        }
      });
    }
    for (Bytes key : gone) {
      rows().delete(key);
      if (!LiveGroups.isCount(key.get()) && groups.of(key.get()) != null) {
        live().add(key.get(), -1);
      }
    }
  }

  private long streamTime() {
    return Objects.requireNonNull(context).currentStreamTimeMs();
  }

  private LiveGroups live() {
    return Objects.requireNonNull(live);
  }

  private KeyValueStore<Bytes, byte[]> rows() {
    return Objects.requireNonNull(store);
  }
}
