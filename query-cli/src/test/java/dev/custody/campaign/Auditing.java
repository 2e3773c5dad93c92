package dev.custody.campaign;

import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.audit.Audit;
import dev.custody.audit.AuditOptions;
import dev.custody.audit.AuditReport;
import dev.custody.audit.Failure;
import dev.custody.audit.LogAudit;
import dev.custody.audit.LogAudit.KeptCheckpoint;
import dev.custody.audit.RecordSource;
import dev.custody.campaign.Topics.Said;
import dev.custody.note.NoteException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks the audit that {@code custody verify} asks. */
final class Auditing {
  private static final AuditOptions OPTIONS =
      AuditOptions.DEFAULT.threads(1).settled(Duration.ZERO);

  private Auditing() {}

  /** What is found in the records alone, by who has the root key and nothing else. */
  static Judgement records(List<List<Row>> partitions) throws IOException {
    int records = partitions.stream().mapToInt(List::size).sum();
    // Which signatures are checked changes no verdict: some are judged the one way, some the other.
    AuditOptions options =
        records % 4 == 0 && records < 1_000 ? OPTIONS.signatures(Signatures.ALL) : OPTIONS;
    return judgement(
        new Audit(Organisation.roots(), options).run(new MemorySource(partitions), () -> {}));
  }

  /** What is found in the records and in their logs, by who may have kept checkpoints. */
  static Judgement withLogs(List<List<Row>> partitions, Topics topics, Said... kept)
      throws IOException {
    List<KeptCheckpoint> mine = new ArrayList<>();
    try {
      for (Said said : kept) {
        mine.add(KeptCheckpoint.parse("kept", said.value()));
      }
    } catch (NoteException e) {
      return Judgement.of("UnusableCheckpoint", String.valueOf(e.getMessage()));
    }
    RecordSource source = new MemorySource(partitions);
    try (LogAudit logs = LogAudit.open(topics, Organisation.roots(), mine)) {
      AuditReport records =
          new Audit(Organisation.roots(), OPTIONS.admitted(logs)).run(source, () -> {});
      return judgement(records.with(logs.finish(source), logs.summaries()));
    }
  }

  static Judgement judgement(AuditReport report) {
    List<Finding> findings = new ArrayList<>();
    report.first().ifPresent(first -> findings.add(finding(first)));
    report.failures().forEach(failure -> findings.add(finding(failure)));
    return new Judgement(findings, report.repeats());
  }

  private static Finding finding(Failure failure) {
    RecordSource.Place place = failure.where().place();
    return new Finding(
        failure.name(), new Spot(place.partition(), place.offset()), failure.detail());
  }
}
