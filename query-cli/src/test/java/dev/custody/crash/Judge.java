package dev.custody.crash;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.Audit;
import dev.custody.audit.AuditReport;
import dev.custody.audit.TopicSource;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether the log holds what was answered, once, in chains that verify. */
final class Judge {
  private Judge() {}

  /**
   * Judges the log of {@code machine}, whose Kafka is there and to which nobody writes.
   *
   * @return what the log holds
   * @throws AssertionError when something is lost, doubled or broken
   */
  static StoredLog judge(Machine machine, Journal journal) throws IOException, WireException {
    StoredLog stored = StoredLog.read(machine.kafka());
    List<String> faults = new ArrayList<>(stored.faults(journal));
    AuditReport report;
    try (TopicSource source = new TopicSource(machine.kafka())) {
      report = new Audit(TrustedRoots.read(machine.root())).run(source, () -> {});
    }
    report.failures().forEach(f -> faults.add("audit: " + f));
    if (report.verified() != stored.distinct() || report.repeats() != stored.repeats()) {
      faults.add(
          "the audit verified %d records and %d repeats, counted here are %d and %d"
              .formatted(report.verified(), report.repeats(), stored.distinct(), stored.repeats()));
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "%d faults; the log holds %s; answered were %s%n%s"
              .formatted(faults.size(), stored, journal, String.join("\n", faults)));
    }
    return stored;
  }
}
