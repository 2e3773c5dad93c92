package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.redact.SecretKind;
import dev.custody.signing.FingerprintKey;
import org.jspecify.annotations.Nullable;

/**
 * By what a record is known when it is sent again. Counters begin anew with each process, and most
 * senders have none; so the id ends with a keyed print of all of the redacted record. Two records
 * that differ in anything have two ids, and nobody who foresees a counter can have the true record
 * taken for a repeat. Without the key nothing can be tested against the print.
 */
final class RecordId {
  private static final String USE = "otlp-record";

  private RecordId() {}

  static String of(
      Redacted<JsonNode> redacted,
      Telemetry record,
      @Nullable String session,
      @Nullable Long sequence,
      FingerprintKey organisation) {
    String print = organisation.name(USE, lasting(redacted));
    if (record.isSpan()) {
      return record.fields().path("traceId").asText()
          + '/'
          + record.fields().path("spanId").asText()
          + '/'
          + print;
    }
    return (session == null ? "" : session + '/')
        + (sequence == null ? "" : sequence + "/")
        + print;
  }

  /** The key that names a guessable secret ends with its session, and would change the print. */
  private static String lasting(Redacted<JsonNode> redacted) {
    String text = redacted.value().toString();
    for (Finding finding : redacted.findings()) {
      if (finding.kind().entropy() == SecretKind.Entropy.LOW) {
        text = text.replace(':' + finding.fingerprint() + ']', "]");
      }
    }
    return text;
  }
}
