package dev.custody.source.kubernetes;

import static dev.custody.source.records.CallFacts.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Outcome;
import dev.custody.sighting.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What attribution needs of one audit event of a Kubernetes API server. Any field but the first
 * four may be absent from a record.
 *
 * @param action {@code k8s:create:serviceaccounts/token}; {@code k8s:get} for what is no resource
 * @param user who was authenticated
 * @param impersonated as whom that user acted
 * @param credentials what the user was authenticated by: {@code JTI=...}, {@code X509SHA256=...}
 * @param sourceIp the last of the addresses: the only one that the server saw itself
 * @param resources {@code k8s:namespace/pods/name/exec}, {@code k8s:/nodes/name} for what is in no
 *     namespace, {@code k8s-url:/healthz} for what is no resource
 * @param code HTTP status of the answer
 * @param issuedCredential the credential of the token that this request created
 * @param issuedUntil when that token ends
 */
public record KubernetesRecord(
    String auditId,
    String stage,
    Instant time,
    String action,
    @Nullable String user,
    @Nullable String impersonated,
    List<String> credentials,
    @Nullable String sourceIp,
    @Nullable String userAgent,
    List<String> resources,
    @Nullable Integer code,
    @Nullable String reason,
    boolean forbidden,
    @Nullable Boolean readOnly,
    @Nullable String issuedCredential,
    @Nullable Instant issuedUntil) {
  private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
  private static final String ISSUED = "authentication.kubernetes.io/issued-credential-id";
  private static final String DECISION = "authorization.k8s.io/decision";
  private static final Set<String> READING = Set.of("get", "list", "watch", "head", "options");
  private static final int MOST_CREDENTIALS = 16;

  /** Copies. */
  public KubernetesRecord {
    credentials = List.copyOf(credentials);
    resources = List.copyOf(resources);
  }

  /**
   * Reads a record.
   *
   * @throws BadInputException if the node lacks what every record has; the text names fields, never
   *     their values
   */
  static KubernetesRecord of(JsonNode node) throws BadInputException {
    requireEvent(node);
    JsonNode object = node.path("objectRef");
    JsonNode status = node.path("responseStatus");
    JsonNode notes = node.path("annotations");
    String verb = text(node, "verb");
    return new KubernetesRecord(
        required(node, "auditID"),
        required(node, "stage"),
        time(node),
        action(verb, object),
        text(node.path("user"), "username"),
        text(node.path("impersonatedUser"), "username"),
        texts(node.path("user").path("extra").path(CREDENTIAL)),
        last(node.path("sourceIPs")),
        text(node, "userAgent"),
        resources(object, text(node, "requestURI")),
        status.path("code").canConvertToInt() ? status.path("code").intValue() : null,
        text(status, "reason"),
        "forbid".equals(text(notes, DECISION)),
        verb == null ? null : READING.contains(verb),
        text(notes, ISSUED),
        expiration(node.path("responseObject").path("status")));
  }

  private static void requireEvent(JsonNode node) throws BadInputException {
    if (!node.isObject()) {
      throw new BadInputException("expected a record, found a JSON " + StrictJson.type(node));
    }
    boolean event =
        "Event".equals(text(node, "kind")) && "audit.k8s.io/v1".equals(text(node, "apiVersion"));
    if (!event) {
      throw new BadInputException(
          "expected an Event of audit.k8s.io/v1, found another kind or version");
    }
  }

  private static String required(JsonNode node, String field) throws BadInputException {
    String value = text(node, field);
    if (value == null) {
      throw new BadInputException("a record without " + field);
    }
    return value;
  }

  private static Instant time(JsonNode node) throws BadInputException {
    try {
      return Instant.parse(required(node, "requestReceivedTimestamp"));
    } catch (DateTimeException e) {
      throw new BadInputException(
          "requestReceivedTimestamp is no time: expected the form 2026-01-31T12:00:00.000000Z");
    }
  }

  private static String action(@Nullable String verb, JsonNode object) {
    String resource = text(object, "resource");
    String part = text(object, "subresource");
    return "k8s:"
        + (verb == null ? "" : verb)
        + (resource == null ? "" : ':' + resource)
        + (resource == null || part == null ? "" : '/' + part);
  }

  private static List<String> resources(JsonNode object, @Nullable String uri) {
    String resource = text(object, "resource");
    if (resource == null) {
      return uri == null ? List.of() : List.of("k8s-url:" + uri.split("[?#]", 2)[0]);
    }
    String namespace = text(object, "namespace");
    String name = text(object, "name");
    String part = text(object, "subresource");
    return List.of(
        "k8s:"
            + (namespace == null ? "" : namespace)
            + '/'
            + resource
            + (name == null ? "" : '/' + name)
            + (name == null || part == null ? "" : '/' + part));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode one : array) {
      if (one.isTextual() && texts.size() < MOST_CREDENTIALS) {
        texts.add(one.textValue());
      }
    }
    return texts;
  }

  private static @Nullable String last(JsonNode array) {
    JsonNode last = array.isArray() ? array.path(array.size() - 1) : array.path(0);
    return last.textValue();
  }

  private static @Nullable Instant expiration(JsonNode status) {
    String text = text(status, "expirationTimestamp");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Whether the request is over: of one request only this stage is the call. */
  boolean isCall() {
    return stage.equals("ResponseComplete") || stage.equals("Panic");
  }

  /** What went wrong; null when nothing did. */
  @Nullable String errorCode() {
    if (stage.equals("Panic")) {
      return "Panic";
    }
    if (code != null && code >= 400) {
      return reason == null ? String.valueOf(code) : reason;
    }
    return forbidden ? "Forbidden" : null;
  }

  Outcome outcome() {
    boolean denied = forbidden || (code != null && (code == 401 || code == 403));
    if (denied) {
      return Outcome.DENIED;
    }
    if (errorCode() != null) {
      return Outcome.FAILURE;
    }
    return code == null ? Outcome.UNKNOWN : Outcome.SUCCESS;
  }

  /** What kind of user it is, as its name tells. */
  @Nullable String userType() {
    if (user == null) {
      return null;
    }
    if (user.startsWith("system:serviceaccount:")) {
      return "ServiceAccount";
    }
    return user.startsWith("system:node:") ? "Node" : "User";
  }
}
