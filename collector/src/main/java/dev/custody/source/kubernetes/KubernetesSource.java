package dev.custody.source.kubernetes;

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
 * Turns audit events of Kubernetes API servers into events, as {@code docs/events.md} says. Safe
 * for use by several threads.
 */
public final class KubernetesSource implements AuditLog {
  private static final String KIND = "kubernetes";

  /**
   * One event a line, or {@code {"kind": "EventList", ..., "items": [...]}} as a webhook gets it.
   * An object has at most 1.5 MiB, and an event may hold it twice.
   */
  public static final RecordShape SHAPE =
      new RecordShape(KIND, "Kubernetes audit", Set.of("items"), 4 << 20);

  private final Observer observer;
  private final Redactor redactor;

  /** For records that {@code observer} imports. */
  public KubernetesSource(Observer observer) {
    this.observer = observer;
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  @Override
  public RecordShape shape() {
    return SHAPE;
  }

  @Override
  public List<Event> events(JsonNode record) throws BadInputException {
    Redacted<JsonNode> redacted = redactor.json(SecretObjects.omitted(record));
    KubernetesRecord call = KubernetesRecord.of(redacted.value());
    String id = call.auditId() + '/' + call.stage();
    if (id.length() > CallFacts.LONGEST_ID || call.action().length() > CallFacts.LONGEST_TEXT) {
      throw new BadInputException(
          "expected an auditID and a stage of at most %d characters and a shorter verb and resource, found longer ones"
              .formatted(CallFacts.LONGEST_ID));
    }
    Source source = new Source(KIND, call.stage(), id, null);
    Sighting sighting = new Sighting(observer, source, redacted).occurredAt(call.time());
    if (!call.isCall()) {
      return sighting.finish(sighting.event(new Body.Observed(call.stage())));
    }
    return sighting.finish(
        sighting
            .event(body(call))
            .action(call.action())
            .resources(Sighting.bounded(call.resources()))
            .outcome(call.outcome(), bounded(call.errorCode()))
            .identifiers(identifiers(call)));
  }

  private static Body body(KubernetesRecord call) {
    String issued = call.issuedCredential();
    Identifier credential =
        issued == null || issued.length() > CallFacts.LONGEST_ID
            ? null
            : new Identifier(IdentifierKind.KUBERNETES_CREDENTIAL, issued);
    return new Body.CloudCall(
        KIND,
        null,
        null,
        bounded(call.user()),
        call.userType(),
        bounded(call.sourceIp()),
        bounded(call.userAgent()),
        bounded(call.errorCode()),
        call.readOnly(),
        credential,
        credential == null ? null : call.issuedUntil());
  }

  private static List<Identifier> identifiers(KubernetesRecord call) {
    CallFacts facts = new CallFacts();
    call.credentials().forEach(id -> facts.add(IdentifierKind.KUBERNETES_CREDENTIAL, id));
    return facts
        .add(IdentifierKind.PRINCIPAL, call.user())
        .add(IdentifierKind.PRINCIPAL, call.impersonated())
        .addUserAgent(call.userAgent())
        .add(IdentifierKind.SOURCE_ADDRESS, call.sourceIp())
        .identifiers();
  }
}
