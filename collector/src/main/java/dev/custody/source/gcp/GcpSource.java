package dev.custody.source.gcp;

import static dev.custody.source.records.CallFacts.bounded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Source;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.sighting.Sighting;
import dev.custody.signing.FingerprintKey;
import dev.custody.source.records.AuditLog;
import dev.custody.source.records.CallFacts;
import dev.custody.source.records.RecordShape;
import java.util.List;
import java.util.Set;

/**
 * Turns audit log entries of Google Cloud and Google Workspace, as Cloud Logging exports, streams
 * or lists them, into events, as {@code docs/events.md} says. Safe for use by several threads.
 */
public final class GcpSource implements AuditLog {
  private static final String KIND = "gcp";

  /**
   * One entry a line as a sink writes them, an array as {@code gcloud logging read} prints it, or
   * {@code {"entries": [...]}} as the API answers. Cloud Logging takes 512 KiB of an audit entry.
   */
  public static final RecordShape SHAPE =
      new RecordShape(KIND, "Google Cloud audit", Set.of("entries"), 1 << 20);

  private final Observer observer;
  private final Redactor redactor;

  /** For records that {@code observer} imports. */
  public GcpSource(Observer observer) {
    this.observer = observer;
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  @Override
  public RecordShape shape() {
    return SHAPE;
  }

  @Override
  public List<Event> events(JsonNode record) throws BadInputException {
    Redacted<JsonNode> redacted = redactor.json(record);
    GcpRecord call = GcpRecord.of(redacted.value());
    // Google holds entries of one log with the same time and the same insertId for one.
    String id = call.insertId() + '/' + call.time() + '/' + call.logName();
    if (id.length() > CallFacts.LONGEST_ID || call.action().length() > CallFacts.LONGEST_TEXT) {
      throw new BadInputException(
          "expected an insertId and a logName of at most %d characters and a shorter methodName, found longer ones"
              .formatted(CallFacts.LONGEST_ID));
    }
    Source source = new Source(KIND, call.log(), id, null);
    Sighting sighting = new Sighting(observer, source, redacted).occurredAt(call.time());
    return sighting.finish(
        sighting
            .event(body(call))
            .action(call.action())
            .resources(Sighting.bounded(call.resources()))
            .outcome(call.outcome(), bounded(call.errorCode()))
            .identifiers(identifiers(call)));
  }

  private static Body body(GcpRecord call) {
    return new Body.CloudCall(
        KIND,
        bounded(call.account()),
        null,
        bounded(call.principal()),
        call.principalType(),
        bounded(call.callerIp()),
        bounded(call.userAgent()),
        bounded(call.errorCode()),
        call.readOnly(),
        null,
        null);
  }

  // A key of a service account has no kind of its own: it is one more name of who called.
  private static List<Identifier> identifiers(GcpRecord call) {
    CallFacts facts =
        new CallFacts()
            .add(IdentifierKind.PRINCIPAL, call.principal())
            .add(IdentifierKind.PRINCIPAL, call.key());
    call.delegators().forEach(name -> facts.add(IdentifierKind.PRINCIPAL, name));
    return facts
        .addUserAgent(call.userAgent())
        .add(IdentifierKind.SOURCE_ADDRESS, call.address())
        .identifiers();
  }
}
