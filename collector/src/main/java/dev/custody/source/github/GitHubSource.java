package dev.custody.source.github;

import static dev.custody.source.records.CallFacts.bounded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns records of GitHub's audit log, as the REST API, an export or a stream delivers them, into
 * events, as {@code docs/events.md} says. Safe for use by several threads.
 */
public final class GitHubSource implements AuditLog {
  private static final String KIND = "github";

  /** An array, or one record a line. */
  public static final RecordShape SHAPE = new RecordShape(KIND, "GitHub", Set.of(), 1 << 20);

  /**
   * Public by what they are, whatever their names sound like: the hash by which GitHub names a
   * token of 160 random bits or more, and the rights that a token has.
   */
  private static final Map<String, Pattern> PUBLIC =
      Map.of(
          "hashed_token", Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?"),
          "token_scopes", Pattern.compile("[a-z_:]{1,64}(?:, ?[a-z_:]{1,64}){0,63}"));

  private final Observer observer;
  private final Redactor redactor;

  /** For records that {@code observer} imports. */
  public GitHubSource(Observer observer) {
    this.observer = observer;
    this.redactor = SecretPrints.redactor(observer.fingerprints(), FingerprintKey.ephemeral());
  }

  @Override
  public RecordShape shape() {
    return SHAPE;
  }

  @Override
  public List<Event> events(JsonNode record) throws BadInputException {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    Redacted<JsonNode> redacted = redactor.json(without(record, shown));
    GitHubRecord call = GitHubRecord.of(redacted.value());
    String id = call.documentId() == null ? print(record) : call.documentId();
    if (id.length() > CallFacts.LONGEST_ID || call.action().length() > CallFacts.LONGEST_TEXT) {
      throw new BadInputException(
          "expected a _document_id of at most %d characters and a shorter action, found longer ones"
              .formatted(CallFacts.LONGEST_ID));
    }
    ((ObjectNode) redacted.value()).setAll(shown);
    Source source = new Source(KIND, redacted.value().path("action").asText(), id, null);
    Sighting sighting = new Sighting(observer, source, redacted).occurredAt(call.time());
    return sighting.finish(
        sighting
            .event(body(call))
            .action(call.action())
            .resources(Sighting.bounded(call.resources()))
            .outcome(call.outcome(), call.errorCode())
            .identifiers(identifiers(call, CallFacts.text(shown, "hashed_token"))));
  }

  /** {@code record} without what is public, which goes to {@code shown}. */
  private static JsonNode without(JsonNode record, ObjectNode shown) {
    if (!(record instanceof ObjectNode object)) {
      return record;
    }
    PUBLIC.forEach((field, form) -> {
      String value = CallFacts.text(object, field);
      if (value != null && form.matcher(value).matches()) {
        shown.put(field, value);
      }
    });
    if (shown.isEmpty()) {
      return record;
    }
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    object.properties().stream()
        .filter(field -> !shown.has(field.getKey()))
        .forEach(field -> rest.set(field.getKey(), field.getValue()));
    return rest;
  }

  // Older exports of git events carry no id. The name is keyed: it tells nobody what it is of.
  private String print(JsonNode record) {
    return "print:" + observer.fingerprints().of("github-record", record.toString());
  }

  private static Body body(GitHubRecord call) {
    return new Body.CloudCall(
        KIND,
        bounded(call.account()),
        null,
        bounded(call.actor()),
        bounded(call.accessType()),
        bounded(call.actorIp()),
        bounded(call.userAgent()),
        call.errorCode(),
        call.readOnly(),
        null,
        null);
  }

  private static List<Identifier> identifiers(GitHubRecord call, @Nullable String hashedToken) {
    return new CallFacts()
        .add(IdentifierKind.GITHUB_TOKEN, hashedToken)
        .add(IdentifierKind.PRINCIPAL, call.actor())
        .add(IdentifierKind.PRINCIPAL, call.samlName())
        .addUserAgent(call.userAgent())
        .add(IdentifierKind.SOURCE_ADDRESS, call.actorIp())
        .identifiers();
  }
}
