package dev.custody.accuracy.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.world.Credential;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** One CloudTrail record, version 1.11. */
public final class TrailRecord {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REGION = "eu-north-1";
  private static final DateTimeFormatter EXPIRATION =
      DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

  private final ObjectNode record = JSON.createObjectNode();

  /**
   * What happened.
   *
   * @param eventId the provider's id
   * @param at when, by the provider's clock; it tells whole seconds
   */
  public TrailRecord(String eventId, Instant at, CloudAct act) {
    record.put("eventVersion", "1.11");
    record.putObject("userIdentity");
    record.put("eventTime", at.truncatedTo(ChronoUnit.SECONDS).toString());
    record.put("eventSource", act.service() + ".amazonaws.com");
    record.put("eventName", act.operation()).put("awsRegion", REGION);
    record.put("sourceIPAddress", "").put("userAgent", "");
    ObjectNode parameters = record.putObject("requestParameters");
    act.parameters().forEach(parameters::put);
    record.putNull("responseElements");
    record.put("requestID", "req-" + eventId).put("eventID", eventId);
    record.put("readOnly", act.readOnly()).put("eventType", "AwsApiCall");
    record.put("managementEvent", !act.data()).put("recipientAccountId", Credential.ACCOUNT);
    record.put("eventCategory", act.data() ? "Data" : "Management");
  }

  /** By whom. */
  public TrailRecord by(Credential credential, Instant issued) {
    ObjectNode identity = record.putObject("userIdentity");
    switch (credential.principal()) {
      case Credential.Principal.User user -> {
        identity.put("type", "IAMUser").put("principalId", "AIDA" + tail(user.name()));
        identity.put("userName", user.name());
      }
      case Credential.Principal.RoleSession role -> {
        String id = "AROA" + tail(role.role());
        identity.put("type", "AssumedRole").put("principalId", id + ":" + role.session());
        ObjectNode context = identity.putObject("sessionContext");
        ObjectNode issuer = context.putObject("sessionIssuer");
        issuer.put("type", "Role").put("principalId", id);
        issuer.put("arn", "arn:aws:iam::" + Credential.ACCOUNT + ":role/" + role.role());
        issuer.put("accountId", Credential.ACCOUNT).put("userName", role.role());
        ObjectNode attributes = context.putObject("attributes");
        attributes.put("creationDate", issued.truncatedTo(ChronoUnit.SECONDS).toString());
        attributes.put("mfaAuthenticated", "false");
        if (credential.sourceIdentity() != null) {
          context.put("sourceIdentity", credential.sourceIdentity());
        }
      }
    }
    identity.put("arn", credential.arn()).put("accountId", Credential.ACCOUNT);
    identity.put("accessKeyId", credential.keyId());
    return this;
  }

  /** By a service of the provider. */
  public TrailRecord byService(String service) {
    record.putObject("userIdentity").put("type", "AWSService").put("invokedBy", service);
    return from(service, service);
  }

  /** From where, with what. */
  public TrailRecord from(String address, String userAgent) {
    record.put("sourceIPAddress", address).put("userAgent", userAgent);
    return this;
  }

  /** The response handed out {@code issued}. */
  public TrailRecord issuing(Credential issued, Instant expires) {
    ObjectNode response = record.putObject("responseElements");
    ObjectNode credentials = response.putObject("credentials");
    credentials.put("accessKeyId", issued.keyId()).put("expiration", EXPIRATION.format(expires));
    ObjectNode user = response.putObject("assumedRoleUser");
    user.put("arn", issued.arn()).put("assumedRoleId", "AROA" + tail(issued.name()));
    if (issued.sourceIdentity() != null) {
      response.put("sourceIdentity", issued.sourceIdentity());
    }
    return this;
  }

  /** The response handed out {@code made}, a new key of a user. */
  public TrailRecord creating(Credential made, Instant at) {
    ObjectNode key = record.putObject("responseElements").putObject("accessKey");
    key.put("accessKeyId", made.keyId()).put("status", "Active");
    key.put("userName", made.name()).put("createDate", EXPIRATION.format(at));
    return this;
  }

  /** It was refused. */
  public TrailRecord denied() {
    record.put("errorCode", "AccessDenied");
    record.put("errorMessage", "User is not authorized to perform this operation");
    return this;
  }

  /** Its JSON. */
  public ObjectNode json() {
    return record.deepCopy();
  }

  private static String tail(String name) {
    String hash = Integer.toString(name.hashCode() & Integer.MAX_VALUE, 36);
    return ("Q7" + hash + "AAAAAAAAAAAAAAAA").substring(0, 17).toUpperCase(Locale.ROOT);
  }
}
