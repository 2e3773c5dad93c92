package dev.custody.alert;

import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.wire.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * Gathers the sightings of one finding, and tells of it as OCSF whenever what it rests on changes:
 * create, update, close. Each record says in its headers which rule it is of, how severe it is and
 * which class of OCSF, so that a consumer can choose without reading JSON.
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

  private static final int MAX_EVIDENCE = 100;

  /** As long as what led to findings is kept ({@code DetectProcessor}). */
  private static final Duration KEPT = Duration.ofDays(90);

  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private final OcsfFindings ocsf;
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
    context.schedule(SWEEP_EVERY, PunctuationType.STREAM_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Sighting> record) {
    KeyValueStore<String, FindingState> findings = Objects.requireNonNull(store);
    FindingState before = findings.get(record.key());
    FindingState after = advance(before, record.value(), Instant.ofEpochMilli(record.timestamp()));
    if (after == null) {
      return;
    }
    findings.put(record.key(), after);
    if (!after.saysTheSameAs(before)) {
      byte[] finding = ocsf.json(record.key(), record.value(), before, after);
      Objects.requireNonNull(context)
          .forward(new Record<>(record.key(), finding, record.timestamp(), headers(after.rule())));
    }
  }

  private Headers headers(String rule) {
    return new RecordHeaders()
        .add(RULE_HEADER, text(rule))
        .add(SEVERITY_HEADER, text(ocsf.severity(rule)))
        .add(CLASS_HEADER, text(Integer.toString(OcsfFindings.CLASS_UID)));
  }

  /** The finding after {@code sighting}, or null when there was none to take back from. */
  private @Nullable FindingState advance(
      @Nullable FindingState before, Sighting sighting, Instant heard) {
    if (before == null && sighting.withdrawn()) {
      return null;
    }
    KeyValueStore<Bytes, Sighting> evidence = Objects.requireNonNull(rows);
    Bytes row =
        row(sighting.finding(), sighting.evidence().occurredAt(), sighting.evidence().key());
    int known = evidence.get(row) == null ? 0 : 1;
    int total = before == null ? 0 : before.evidence().size() + before.omitted();
    if (sighting.withdrawn()) {
      evidence.delete(row);
      total -= known;
    } else {
      evidence.put(row, sighting);
      total += 1 - known;
    }
    List<Evidence> oldest = oldest(sighting.finding());
    return new FindingState(
        sighting.rule(),
        sighting.group(),
        oldest,
        total - oldest.size(),
        oldest.isEmpty(),
        before == null || before.heardAt().isBefore(heard) ? heard : before.heardAt());
  }

  // Always the oldest, however they arrive: what is told depends on the evidence, never on its
  // order.
  private List<Evidence> oldest(String finding) {
    List<Evidence> oldest = new ArrayList<>();
    try (KeyValueIterator<Bytes, Sighting> found = rowsOf(finding)) {
      while (found.hasNext() && oldest.size() < MAX_EVIDENCE) {
        oldest.add(found.next().value.evidence());
      }
    }
    return oldest;
  }

  private KeyValueIterator<Bytes, Sighting> rowsOf(String finding) {
    return Objects.requireNonNull(rows)
        .range(
            row(finding, Instant.EPOCH, ""),
            row(finding, Instant.ofEpochMilli(Long.MAX_VALUE), ""));
  }

  private void sweep(long streamTime) {
    Instant limit = Instant.ofEpochMilli(streamTime).minus(KEPT);
    KeyValueStore<String, FindingState> findings = Objects.requireNonNull(store);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, FindingState> all = findings.all()) {
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
      findings.delete(finding);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Bytes row(String finding, Instant time, String key) {
    byte[] name = (finding + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] id = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + Long.BYTES + id.length)
            .put(name)
            .putLong(time.toEpochMilli())
            .put(id)
            .array());
  }
}
