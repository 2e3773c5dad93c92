package dev.custody.alert;

import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.wire.RecordFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
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

  private static final int MAX_EVIDENCE = 100;
  private static final Comparator<Evidence> OLDEST_FIRST =
      Comparator.comparing(Evidence::occurredAt).thenComparing(Evidence::key);

  private final OcsfFindings ocsf;
  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable KeyValueStore<String, FindingState> store;

  /** Tells of findings by {@code ocsf}. */
  public FindingProcessor(OcsfFindings ocsf) {
    this.ocsf = ocsf;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
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
  static @Nullable FindingState advance(@Nullable FindingState before, Sighting sighting) {
    if (before == null && sighting.withdrawn()) {
      return null;
    }
    List<Evidence> evidence = new ArrayList<>(before == null ? List.of() : before.evidence());
    boolean known = evidence.removeIf(e -> e.key().equals(sighting.evidence().key()));
    int omitted = before == null ? 0 : before.omitted();
    if (!sighting.withdrawn()) {
      if (!known && evidence.size() >= MAX_EVIDENCE) {
        omitted++;
      } else {
        evidence.add(sighting.evidence());
      }
    }
    evidence.sort(OLDEST_FIRST);
    return new FindingState(
        sighting.rule(), sighting.group(), evidence, omitted, evidence.isEmpty());
  }
}
