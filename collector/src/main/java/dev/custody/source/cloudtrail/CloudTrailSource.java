package dev.custody.source.cloudtrail;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns CloudTrail records into events, as {@code docs/events.md} says. The guessable secrets that
 * one instance saw are comparable among each other and with nothing else. Safe for use by several
 * threads.
 */
public final class CloudTrailSource {
  private static final String KIND = "cloudtrail";
  private static final int LONGEST_ID = 256;
  private static final int LONGEST_TEXT = 1024;

  /** {@code app/<id>}, by which an SDK names the application; AWS allows 50 characters. */
  private static final Pattern TAG = Pattern.compile("(?:^|\\s)app/([^\\s/()]{1,64})(?:\\s|$)");

  private final Observer observer;
  private final Redactor redactor;

  /** For records that {@code observer} imports. */
  public CloudTrailSource(Observer observer) {
    this.observer = observer;
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  /**
   * The events that one record tells of: the call, then the secrets that it showed.
   *
   * @throws BadInputException when it lacks what every record has; the message repeats no value
   */
  public List<Event> events(JsonNode record) throws BadInputException {
    Optional<String> defect = CloudTrailRecord.defect(record);
    if (defect.isPresent()) {
      throw new BadInputException("not a CloudTrail record: " + defect.get());
    }
    Redacted<JsonNode> redacted = redactor.json(record);
    CloudTrailRecord call = CloudTrailRecord.of(redacted.value());
    if (call.eventId().length() > LONGEST_ID || call.action().length() > LONGEST_TEXT) {
      throw new BadInputException(
          "not a CloudTrail record: expected an eventID of at most %d characters and a shorter name, found longer ones"
              .formatted(LONGEST_ID));
    }
    String name = redacted.value().path("eventName").asText();
    Sighting sighting =
        new Sighting(observer, new Source(KIND, name, call.eventId(), null), redacted)
            .occurredAt(call.eventTime());
    return sighting.finish(draft(sighting, call, record));
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
        issued == null ? null : new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, issued));
  }

  private static List<Identifier> identifiers(CloudTrailRecord call) {
    List<Identifier> identifiers = new ArrayList<>();
    add(identifiers, IdentifierKind.AWS_ACCESS_KEY_ID, call.accessKeyId());
    add(identifiers, IdentifierKind.AWS_ROLE_SESSION, call.roleSession());
    add(identifiers, IdentifierKind.AWS_SOURCE_IDENTITY, call.sourceIdentity());
    add(identifiers, IdentifierKind.PRINCIPAL, call.principalName());
    add(identifiers, IdentifierKind.USER_AGENT_TAG, tag(call.userAgent()));
    add(identifiers, IdentifierKind.SOURCE_ADDRESS, call.sourceIp());
    return identifiers;
  }

  private static void add(
      List<Identifier> identifiers, IdentifierKind kind, @Nullable String value) {
    if (value != null && value.length() <= LONGEST_ID) {
      identifiers.add(new Identifier(kind, value));
    }
  }

  private static @Nullable String tag(@Nullable String userAgent) {
    Matcher matcher = TAG.matcher(userAgent == null ? "" : userAgent);
    return matcher.find() ? matcher.group(1) : null;
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

  private static @Nullable String bounded(@Nullable String text) {
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
