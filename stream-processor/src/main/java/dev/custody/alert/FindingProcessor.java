package dev.custody.alert;

import dev.custody.alert.FindingState.Told;
import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.wire.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the sightings of one finding, and tells of it as OCSF when what it rests on has changed,
 * once a second at most: create, update, close. Each record says in its headers which rule it is
 * of, how severe it is and which class of OCSF, so that a consumer can choose without reading JSON.
 */
public final class FindingProcessor implements Processor<String, Sighting, String, byte[]> {
  /** State store of the findings. */
  public static final String STORE = "findings";

  /** Format of the store. */
  public static final RecordFormat<FindingState> STATE =
      RecordFormat.of(FindingState.class, FindingProcessor.class, "finding-state.avsc");

  /** State store of all that findings rest on: finding, time, key of the evidence. */
  public static final String EVIDENCE = "evidence";

  /** Header with the id of the rule or correlation. */
  public static final String RULE_HEADER = "rule";

  /** Header with OCSF's name of the severity: {@code High}. */
  public static final String SEVERITY_HEADER = "severity";

  /** Header with OCSF's number of the class: {@code 2004}. */
  public static final String CLASS_HEADER = "class_uid";

  /** How often a finding is told at most. */
  public static final Duration TELL_EVERY = Duration.ofSeconds(1);

  private static final int MAX_EVIDENCE = 100;

  /** As long as what led to findings is kept ({@code DetectProcessor}). */
  private static final Duration KEPT = Duration.ofDays(90);

  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private final OcsfFindings ocsf;

  /** Ids of the findings that have something to tell; those of the store. */
  private final Set<String> untold = new LinkedHashSet<>();

  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable KeyValueStore<String, FindingState> store;
  private @Nullable KeyValueStore<Bytes, Sighting> rows;

  /** Tells of findings by {@code ocsf}. */
  public FindingProcessor(OcsfFindings ocsf) {
    this.ocsf = ocsf;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
    this.rows = context.getStateStore(EVIDENCE);
    untold.clear();
    try (KeyValueIterator<String, FindingState> all = findings().all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.untold()) {
          untold.add(entry.key);
        }
      });
    }
    context.schedule(TELL_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> tell());
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Sighting> record) {
    Sighting sighting = record.value();
    String finding = record.key();
    FindingState before = findings().get(finding);
    if (before == null) {
      if (sighting.withdrawn()) {
        return; // There is nothing to take it back from.
      }
      before = FindingState.fresh(sighting.rule(), sighting.group());
    }
    FindingState after = advance(before, sighting).heard(Instant.ofEpochMilli(record.timestamp()));
    if (!after.equals(before)) {
      findings().put(finding, after);
    }
    if (after.untold()) {
      untold.add(finding);
    }
  }

  /** The finding after {@code sighting}, whose evidence comes or goes. */
  private FindingState advance(FindingState before, Sighting sighting) {
    KeyValueStore<Bytes, Sighting> evidence = Objects.requireNonNull(rows);
    Bytes row =
        row(sighting.finding(), sighting.evidence().occurredAt(), sighting.evidence().key());
    Sighting known = evidence.get(row);
    int others = before.count() - (known == null ? 0 : 1);
    if (sighting.withdrawn()) {
      if (known == null) {
        return before;
      }
      evidence.delete(row);
      return before.with(others, sighting.evidence());
    }
    if (sighting.equals(known)) {
      return before;
    }
    evidence.put(row, sighting);
    return before.with(others + 1, sighting.evidence());
  }

  /**
   * Tells of what has changed. By the clock, so that a finding to which much is added is told again
   * once and not as often; what is said depends on the evidence alone.
   */
  private void tell() {
    for (String finding : untold) {
      FindingState state = findings().get(finding);
      if (state == null || !state.untold()) {
        continue;
      }
      if (state.closed() && state.told() != Told.OPEN) { // Nobody heard that it was open.
        if (state.told() == Told.NOTHING) {
          findings().delete(finding);
        } else {
          findings().put(finding, state.afterTelling());
        }
        continue;
      }
      byte[] json = ocsf.json(finding, state, oldest(finding, state), newest(finding, state));
      Objects.requireNonNull(context)
          .forward(
              new Record<>(finding, json, state.heardAt().toEpochMilli(), headers(state.rule())));
      findings().put(finding, state.afterTelling());
    }
    untold.clear();
  }

  private Headers headers(String rule) {
    return new RecordHeaders()
        .add(RULE_HEADER, text(rule))
        .add(SEVERITY_HEADER, text(ocsf.severity(rule)))
        .add(CLASS_HEADER, text(Integer.toString(OcsfFindings.CLASS_UID)));
  }

  // The oldest, however they arrive: what is told depends on the evidence, never on its order.
  private List<Evidence> oldest(String finding, FindingState state) {
    if (state.closed()) {
      return List.of(Objects.requireNonNull(state.lapsed()));
    }
    List<Evidence> oldest = new ArrayList<>();
    try (KeyValueIterator<Bytes, Sighting> found = rowsOf(finding)) {
      while (found.hasNext() && oldest.size() < MAX_EVIDENCE) {
        oldest.add(found.next().value.evidence());
      }
    }
    return oldest;
  }

  private Instant newest(String finding, FindingState state) {
    if (state.closed()) {
      return Objects.requireNonNull(state.lapsed()).occurredAt();
    }
    try (KeyValueIterator<Bytes, Sighting> found =
        Objects.requireNonNull(rows).reverseRange(first(finding), last(finding))) {
      return found.next().value.evidence().occurredAt();
    }
  }

  private KeyValueIterator<Bytes, Sighting> rowsOf(String finding) {
    return Objects.requireNonNull(rows).range(first(finding), last(finding));
  }

  private static Bytes first(String finding) {
    return Bytes.wrap((finding + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes last(String finding) {
    return Bytes.wrap((finding + "\1").getBytes(StandardCharsets.UTF_8));
  }

  private void sweep(long streamTime) {
    tell();
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, FindingState> all = findings().all()) {
      all.forEachRemaining(entry -> {
        if (entry.value.heardAt().isBefore(limit)) {
          old.add(entry.key);
        }
      });
    }
    for (String finding : old) {
      List<Bytes> itsRows = new ArrayList<>();
      try (KeyValueIterator<Bytes, Sighting> found = rowsOf(finding)) {
        found.forEachRemaining(entry -> itsRows.add(entry.key));
      }
      itsRows.forEach(Objects.requireNonNull(rows)::delete);
      findings().delete(finding);
    }
  }

  private KeyValueStore<String, FindingState> findings() {
    return Objects.requireNonNull(store);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Times before 1970 are before all others, as bytes too.
  private static Bytes row(String finding, Instant time, String key) {
    byte[] name = (finding + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] id = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + Long.BYTES + id.length)
            .put(name)
            .putLong(time.toEpochMilli() ^ Long.MIN_VALUE)
            .put(id)
            .array());
  }
}
