package dev.custody.source.cloudtrail;

import static dev.custody.source.records.CallFacts.bounded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns CloudTrail records into events, as {@code docs/events.md} says. The guessable secrets that
 * one instance saw are comparable among each other and with nothing else. Safe for use by several
 * threads.
 */
public final class CloudTrailSource implements AuditLog {
  private static final String KIND = "cloudtrail";

  /**
   * A file has {@code {"Records": [...]}}. CloudTrail's own limit of an event is 256 KB; 1 MiB
   * leaves room for other writers' indentation.
   */
  public static final RecordShape SHAPE =
      new RecordShape(KIND, "CloudTrail", Set.of("Records"), 1 << 20);

  private final Observer observer;
  private final Redactor redactor;

  /** For records that {@code observer} imports. */
  public CloudTrailSource(Observer observer) {
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
    CloudTrailRecord call = CloudTrailRecord.of(redacted.value());
    if (call.eventId().length() > CallFacts.LONGEST_ID
        || call.action().length() > CallFacts.LONGEST_TEXT) {
      throw new BadInputException(
          "expected an eventID of at most %d characters and a shorter name, found longer ones"
              .formatted(CallFacts.LONGEST_ID));
    }
    String name = redacted.value().path("eventName").asText();
    Sighting sighting =
        new Sighting(observer, new Source(KIND, name, call.eventId(), null), redacted)
            .occurredAt(call.eventTime());
    List<Event> events = sighting.finish(draft(sighting, call, record));
    String revoked = call.revokedAccessKeyId();
    return revoked == null || revoked.length() > CallFacts.LONGEST_ID
        ? events
        : Stream.concat(events.stream(), Stream.of(revoked(name, call, revoked))).toList();
  }

  /** What the call ended, by the provider's own word: right behind the call. */
  private Event revoked(String name, CloudTrailRecord call, String accessKeyId) {
    Identifier key = new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, accessKeyId);
    return new EventBuilder(
            new Source(KIND, name, call.eventId() + "#revoked", null),
            observer.host(),
            observer.clock().instant(),
            new Body.CredentialRevoked(key, call.action(), call.eventTime(), null))
        .occurredAt(call.eventTime())
        .action("credential:revoke")
        .outcome(Outcome.SUCCESS, null)
        .identifiers(List.of(key))
        .build();
  }

  private static EventBuilder draft(Sighting sighting, CloudTrailRecord call, JsonNode record) {
    return sighting
        .event(body(call, record))
        .action(call.action())
        .resources(Sighting.bounded(call.resources()))
        .outcome(outcome(call.errorCode()), bounded(call.errorCode()))
        .identifiers(identifiers(call));
  }

  private static Body body(CloudTrailRecord call, JsonNode record) {
    String issued = call.issuedAccessKeyId();
    return new Body.CloudCall(
        "aws",
        bounded(call.accountId()),
        bounded(call.region()),
        bounded(call.principalArn()),
        bounded(call.principalType()),
        bounded(call.sourceIp()),
        bounded(call.userAgent()),
        bounded(call.errorCode()),
        record.path("readOnly").isBoolean() ? call.readOnly() : null,
        issued == null ? null : new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, issued),
        call.issuedUntil());
  }

  private static List<Identifier> identifiers(CloudTrailRecord call) {
    return new CallFacts()
        .add(IdentifierKind.AWS_ACCESS_KEY_ID, call.accessKeyId())
        .add(IdentifierKind.AWS_ROLE_SESSION, call.roleSession())
        .add(IdentifierKind.AWS_SOURCE_IDENTITY, call.sourceIdentity())
        .add(IdentifierKind.PRINCIPAL, call.principalName())
        .addUserAgent(call.userAgent())
        .add(IdentifierKind.SOURCE_ADDRESS, call.sourceIp())
        .identifiers();
  }

  private static Outcome outcome(@Nullable String errorCode) {
    if (errorCode == null) {
      return Outcome.SUCCESS;
    }
    boolean denied =
        errorCode.contains("AccessDenied")
            || errorCode.contains("Unauthorized")
            || errorCode.contains("NotAuthorized")
            || errorCode.equals("Forbidden");
    return denied ? Outcome.DENIED : Outcome.FAILURE;
  }
}
