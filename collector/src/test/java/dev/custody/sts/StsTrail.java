package dev.custody.sts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/** CloudTrail's records of what STS did, in the form that CloudTrail gives them. */
final class StsTrail {
  private static final DateTimeFormatter EXPIRATION =
      DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

  private StsTrail() {}

  /** Where a call came from. */
  record Caller(IssuedKey key, String region, String address, String userAgent, Instant at) {}

  static ObjectNode assumeRole(Caller caller, AssumedRole assumed) {
    ObjectNode record = record(caller, "AssumeRole");
    ObjectNode asked = record.putObject("requestParameters");
    asked.put("roleArn", assumed.roleArn()).put("roleSessionName", assumed.sessionName());
    asked.put("durationSeconds", assumed.seconds());
    if (assumed.policy() != null) {
      asked.put("policy", assumed.policy());
    }
    if (!assumed.tags().isEmpty()) {
      var tags = asked.putArray("tags");
      assumed.tags().forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
    }
    IssuedKey key = assumed.key();
    ObjectNode answered = record.putObject("responseElements");
    answered
        .putObject("credentials")
        .put("accessKeyId", key.accessKeyId())
        .put("sessionToken", key.sessionToken())
        .put(
            "expiration",
            EXPIRATION.format(key.expiresAt() == null ? caller.at() : key.expiresAt()));
    answered
        .putObject("assumedRoleUser")
        .put("assumedRoleId", "AROASTANDIN0000000001:" + assumed.sessionName())
        .put("arn", key.principalArn());
    answered.put("packedPolicySize", 6);
    if (key.sourceIdentity() != null) {
      asked.put("sourceIdentity", key.sourceIdentity());
      answered.put("sourceIdentity", key.sourceIdentity());
    }
    record
        .putArray("resources")
        .addObject()
        .put("accountId", key.account())
        .put("type", "AWS::IAM::Role")
        .put("ARN", assumed.roleArn());
    return record;
  }

  static ObjectNode callerIdentity(Caller caller) {
    ObjectNode record = record(caller, "GetCallerIdentity");
    record.putNull("requestParameters");
    record.putNull("responseElements");
    return record;
  }

  private static ObjectNode record(Caller caller, String name) {
    ObjectNode record = JsonNodeFactory.instance.objectNode().put("eventVersion", "1.08");
    identity(record.putObject("userIdentity"), caller.key());
    record.put("eventTime", caller.at().truncatedTo(ChronoUnit.SECONDS).toString());
    record.put("eventSource", "sts.amazonaws.com").put("eventName", name);
    record.put("awsRegion", caller.region()).put("sourceIPAddress", caller.address());
    record.put("userAgent", caller.userAgent());
    record.put("requestID", UUID.randomUUID().toString());
    record.put("eventID", UUID.randomUUID().toString());
    record.put("readOnly", true).put("eventType", "AwsApiCall").put("managementEvent", true);
    record.put("recipientAccountId", caller.key().account()).put("eventCategory", "Management");
    return record;
  }

  private static void identity(ObjectNode to, IssuedKey key) {
    String name = key.principalArn().substring(key.principalArn().lastIndexOf('/') + 1);
    to.put("type", key.isRole() ? "AssumedRole" : "IAMUser");
    to.put("principalId", key.isRole() ? "AROASTANDIN0000000001:" + name : "AIDASTANDIN0000000001");
    to.put("arn", key.principalArn()).put("accountId", key.account());
    to.put("accessKeyId", key.accessKeyId());
    if (!key.isRole()) {
      to.put("userName", name);
      return;
    }
    String role = key.principalArn().split("/", -1)[1];
    ObjectNode context = to.putObject("sessionContext");
    context
        .putObject("sessionIssuer")
        .put("type", "Role")
        .put("principalId", "AROASTANDIN0000000001")
        .put("arn", "arn:aws:iam::%s:role/%s".formatted(key.account(), role))
        .put("accountId", key.account())
        .put("userName", role);
    if (key.sourceIdentity() != null) {
      context.put("sourceIdentity", key.sourceIdentity());
    }
    context.putObject("attributes").put("mfaAuthenticated", "false");
  }
}
