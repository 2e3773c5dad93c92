package dev.custody.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** CloudTrail records, made in the real format. */
final class Trail {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCOUNT = "210987654321";

  private final List<ObjectNode> records = new ArrayList<>();

  /** Adds a call of {@code user} with {@code key}; the cloud tells whole seconds. */
  ObjectNode call(
      String eventId, Instant time, String action, String user, String key, String resource) {
    int colon = action.indexOf(':');
    ObjectNode record = JSON.createObjectNode();
    record.put("eventVersion", "1.11");
    ObjectNode identity = record.putObject("userIdentity");
    identity.put("type", "IAMUser").put("principalId", "AIDA" + key.substring(4));
    identity.put("arn", "arn:aws:iam::" + ACCOUNT + ":user/" + user).put("accountId", ACCOUNT);
    identity.put("accessKeyId", key).put("userName", user);
    record.put("eventTime", time.truncatedTo(ChronoUnit.SECONDS).toString());
    record.put("eventSource", action.substring(0, colon) + ".amazonaws.com");
    record.put("eventName", action.substring(colon + 1)).put("awsRegion", "eu-north-1");
    record.put("sourceIPAddress", "203.0.113.44").put("userAgent", "aws-cli/2.31.3");
    record.putObject("requestParameters").put("target", resource);
    record.putNull("responseElements");
    record.put("requestID", "req-" + eventId).put("eventID", eventId).put("readOnly", false);
    record.put("eventType", "AwsApiCall").put("managementEvent", true);
    record.put("recipientAccountId", ACCOUNT).put("eventCategory", "Management");
    records.add(record);
    return record;
  }

  /** The way CloudTrail delivers files. */
  Path writeTo(Path file) throws IOException {
    return Files.write(file, wrapped());
  }

  byte[] wrapped() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode all = root.putArray("Records");
    records.forEach(all::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  byte[] lines() {
    return records.stream()
        .map(ObjectNode::toString)
        .collect(Collectors.joining("\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
