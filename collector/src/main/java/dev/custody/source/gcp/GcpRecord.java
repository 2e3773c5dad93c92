package dev.custody.source.gcp;

import static dev.custody.source.records.CallFacts.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Outcome;
import dev.custody.sighting.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What attribution needs of one audit log entry of Google Cloud or Google Workspace. Any field but
 * the first five may be absent from a record.
 *
 * @param log which of the audit logs: {@code activity}, {@code data_access}, {@code system_event},
 *     {@code policy}
 * @param action {@code gcp:google.iam.admin.v1.CreateServiceAccountKey}
 * @param account the project, folder or organisation that owns the entry
 * @param principal who called: an address, else the subject as Google names it
 * @param delegators who acted as the principal, the nearest first
 * @param key the service account's key that was used: {@code
 *     projects/p/serviceAccounts/a@p.iam.gserviceaccount.com/keys/1f2e...}
 * @param callerIp an IP address, or a word for one that Google does not show
 * @param resources {@code gcp:projects/_/buckets/b}
 */
public record GcpRecord(
    String insertId,
    String logName,
    Instant time,
    String log,
    String action,
    @Nullable String account,
    @Nullable String principal,
    @Nullable String principalType,
    List<String> delegators,
    @Nullable String key,
    @Nullable String callerIp,
    @Nullable String userAgent,
    List<String> resources,
    Outcome outcome,
    @Nullable String errorCode,
    @Nullable Boolean readOnly) {
  private static final String AUDIT_LOG = "type.googleapis.com/google.cloud.audit.AuditLog";
  private static final String LOGS = "/logs/cloudaudit.googleapis.com%2F";
  private static final String IAM = "//iam.googleapis.com/";
  private static final int MOST = 16;

  /** Copies. */
  public GcpRecord {
    delegators = List.copyOf(delegators);
    resources = List.copyOf(resources);
  }

  /**
   * Reads a record.
   *
   * @throws BadInputException if the node lacks what every record has; the text names fields, never
   *     their values
   */
  static GcpRecord of(JsonNode node) throws BadInputException {
    JsonNode payload = payload(node);
    String logName = required(node, "logName");
    int logs = logName.indexOf(LOGS);
    if (logs < 0) {
      throw new BadInputException("logName is that of no audit log: expected ..." + LOGS + "...");
    }
    String log = logName.substring(logs + LOGS.length());
    JsonNode caller = payload.path("authenticationInfo");
    JsonNode request = payload.path("requestMetadata");
    StatusCode code = code(payload.path("status"));
    String method = text(payload, "methodName");
    return new GcpRecord(
        required(node, "insertId"),
        logName,
        time(node),
        log,
        "gcp:" + (method == null ? "" : method),
        account(node, logName.substring(0, logs)),
        principal(caller),
        principalType(caller),
        delegators(caller),
        key(caller),
        text(request, "callerIp"),
        text(request, "callerSuppliedUserAgent"),
        resources(payload),
        outcome(node, payload, code),
        code == StatusCode.OK ? null : errorCode(payload.path("status"), code),
        readOnly(log, payload.path("authorizationInfo")));
  }

  private static JsonNode payload(JsonNode node) throws BadInputException {
    if (!node.isObject()) {
      throw new BadInputException("expected a record, found a JSON " + StrictJson.type(node));
    }
    JsonNode payload = node.path("protoPayload");
    if (!AUDIT_LOG.equals(text(payload, "@type"))) {
      throw new BadInputException(
          "expected a LogEntry whose protoPayload is a google.cloud.audit.AuditLog, found another"
              + " or none");
    }
    return payload;
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
      return Instant.parse(required(node, "timestamp"));
    } catch (DateTimeException e) {
      throw new BadInputException(
          "timestamp is no time: expected the form 2026-01-31T12:00:00.000000Z");
    }
  }

  private static @Nullable String account(JsonNode node, String owner) {
    String project = text(node.path("resource").path("labels"), "project_id");
    if (project != null) {
      return project;
    }
    return owner.startsWith("projects/") ? owner.substring("projects/".length()) : owner;
  }

  private static @Nullable String principal(JsonNode caller) {
    String email = text(caller, "principalEmail");
    return email != null ? email : text(caller, "principalSubject");
  }

  private static @Nullable String principalType(JsonNode caller) {
    String email = text(caller, "principalEmail");
    String subject = text(caller, "principalSubject");
    boolean service =
        (email != null && email.endsWith("gserviceaccount.com"))
            || (subject != null && subject.startsWith("serviceAccount:"));
    if (service) {
      return "ServiceAccount";
    }
    if (subject != null && subject.startsWith("principal:")) {
      return "Federated";
    }
    return email == null ? null : "User";
  }

  private static List<String> delegators(JsonNode caller) {
    Set<String> found = new LinkedHashSet<>();
    for (JsonNode step : caller.path("serviceAccountDelegationInfo")) {
      String email = text(step.path("firstPartyPrincipal"), "principalEmail");
      String name = email != null ? email : text(step, "principalSubject");
      if (name != null && found.size() < MOST) {
        found.add(name);
      }
    }
    return new ArrayList<>(found);
  }

  private static @Nullable String key(JsonNode caller) {
    String name = text(caller, "serviceAccountKeyName");
    return name != null && name.startsWith(IAM) ? name.substring(IAM.length()) : name;
  }

  private static List<String> resources(JsonNode payload) {
    Set<String> found = new LinkedHashSet<>();
    String named = text(payload, "resourceName");
    if (named != null) {
      found.add("gcp:" + named);
    }
    for (JsonNode asked : payload.path("authorizationInfo")) {
      String resource = text(asked, "resource");
      if (resource != null && found.size() < MOST) {
        found.add("gcp:" + resource);
      }
    }
    return new ArrayList<>(found);
  }

  /** What the service answered; null where it is no code. A status without a code is a success. */
  private static @Nullable StatusCode code(JsonNode status) {
    JsonNode code = status.path("code");
    if (code.isMissingNode()) {
      return StatusCode.OK;
    }
    return code.canConvertToInt() ? StatusCode.numbered(code.intValue()) : null;
  }

  private static @Nullable String errorCode(JsonNode status, @Nullable StatusCode code) {
    return code == null ? status.path("code").asText() : code.name();
  }

  private static Outcome outcome(JsonNode node, JsonNode payload, @Nullable StatusCode code) {
    if (code != StatusCode.OK) {
      return code == null ? Outcome.FAILURE : code.outcome();
    }
    for (JsonNode asked : payload.path("authorizationInfo")) {
      if (asked.path("granted").isBoolean() && !asked.path("granted").booleanValue()) {
        return Outcome.DENIED;
      }
    }
    if (String.valueOf(text(payload, "methodName")).endsWith(".loginFailure")) {
      return Outcome.FAILURE;
    }
    // Of a call that goes on when it is answered, the first record can't know how it ends.
    JsonNode operation = node.path("operation");
    boolean begun = operation.path("first").asBoolean() && !operation.path("last").asBoolean();
    return begun ? Outcome.UNKNOWN : Outcome.SUCCESS;
  }

  /** What the permissions say; else what the log holds. Data is read and written in one log. */
  private static @Nullable Boolean readOnly(String log, JsonNode asked) {
    Boolean reads = null;
    for (JsonNode one : asked) {
      String type = text(one, "permissionType");
      if (type != null) {
        reads = type.endsWith("_READ") && !Boolean.FALSE.equals(reads);
      }
    }
    return (reads == null && log.equals("activity")) ? Boolean.FALSE : reads;
  }

  /** The address of the caller; null where Google shows none. */
  @Nullable String address() {
    String ip = callerIp;
    boolean shown = ip != null && (ip.indexOf('.') >= 0 || ip.indexOf(':') >= 0);
    return shown ? ip : null;
  }
}
