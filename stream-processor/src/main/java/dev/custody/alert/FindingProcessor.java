package dev.custody.alert;

import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.wire.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the sightings of one finding, and tells of it as OCSF whenever what it rests on changes:
 * create, update, close.
 */
public final class FindingProcessor implements Processor<String, Sighting, String, byte[]> {
  /** State store of the findings. */
  public static final String STORE = "findings";

  /** Format of the store. */
  public static final RecordFormat<FindingState> STATE =
      RecordFormat.of(FindingState.class, FindingProcessor.class, "finding-state.avsc");

  /** State store of all that findings rest on: finding, time, key of the evidence. */
  public static final String EVIDENCE = "evidence";

  private static final int MAX_EVIDENCE = 100;

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
  }

  @Override
  public void process(Record<String, Sighting> record) {
    KeyValueStore<String, FindingState> findings = Objects.requireNonNull(store);
    FindingState before = findings.get(record.key());
    FindingState after = advance(before, record.value());
    if (after == null || after.equals(before)) {
      return;
    }
    findings.put(record.key(), after);
    byte[] finding = ocsf.json(record.key(), record.value(), before, after);
    Objects.requireNonNull(context)
        .forward(new Record<>(record.key(), finding, record.timestamp()));
  }

  /** The finding after {@code sighting}, or null when there was none to take back from. */
  private @Nullable FindingState advance(@Nullable FindingState before, Sighting sighting) {
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
        sighting.rule(), sighting.group(), oldest, total - oldest.size(), oldest.isEmpty());
  }

  // Always the oldest, however they arrive: what is told depends on the evidence, never on its
  // order.
  private List<Evidence> oldest(String finding) {
    List<Evidence> oldest = new ArrayList<>();
    try (KeyValueIterator<Bytes, Sighting> found =
        Objects.requireNonNull(rows)
            .range(
                row(finding, Instant.EPOCH, ""),
                row(finding, Instant.ofEpochMilli(Long.MAX_VALUE), ""))) {
      while (found.hasNext() && oldest.size() < MAX_EVIDENCE) {
        oldest.add(found.next().value.evidence());
      }
    }
    return oldest;
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
