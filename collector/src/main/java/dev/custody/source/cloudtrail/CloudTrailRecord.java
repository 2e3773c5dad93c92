package dev.custody.source.cloudtrail;

import static dev.custody.source.records.CallFacts.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What attribution needs of one CloudTrail record. Any field but the first three may be absent from
 * a record.
 *
 * @param action {@code s3:DeleteBucket}: the service before {@code .amazonaws.com}, and the event's
 *     name
 * @param accountId the account in which it happened
 * @param principalName the user's name, or the session's name of an assumed role
 * @param roleSession {@code Role/Session} of an assumed role
 * @param sourceIdentity what STS was told when the session began; the provider passes it on and
 *     nobody can change it
 * @param resources ARNs that the record names, or that its request parameters do
 * @param issuedAccessKeyId the id of a credential that this call created: the issuer's own word for
 *     who got it
 * @param issuedUntil when that credential ends
 * @param revokedAccessKeyId the id of a user's key that this call deleted or set inactive
 */
public record CloudTrailRecord(
    String eventId,
    Instant eventTime,
    String action,
    @Nullable String region,
    @Nullable String accountId,
    @Nullable String principalArn,
    @Nullable String principalName,
    @Nullable String principalType,
    @Nullable String accessKeyId,
    @Nullable String roleSession,
    @Nullable String sourceIdentity,
    @Nullable String sourceIp,
    @Nullable String userAgent,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    List<String> resources,
    boolean readOnly,
    @Nullable String issuedAccessKeyId,
    @Nullable Instant issuedUntil,
    @Nullable String revokedAccessKeyId) {

  private static final String SERVICE_SUFFIX = ".amazonaws.com";
  private static final String ASSUMED_ROLE = ":assumed-role/";
  private static final String FEDERATED_USER = ":federated-user/";
  private static final int MOST_PARAMETERS = 32;
  private static final String USUAL_TIME = "0000-00-00T00:00:00Z";
  private static final DateTimeFormatter EXPIRATION =
      DateTimeFormatter.ofPattern("MMM d, yyyy[,] h:mm:ss a", Locale.US);

  public CloudTrailRecord {
    resources = List.copyOf(resources);
  }

  /**
   * Reads a record.
   *
   * @throws BadInputException if the node lacks what every record has; the text names fields, never
   *     their values
   */
  public static CloudTrailRecord of(JsonNode node) throws BadInputException {
    if (!node.isObject()) {
      throw new BadInputException("expected a record, found a JSON " + StrictJson.type(node));
    }
    JsonNode identity = node.path("userIdentity");
    JsonNode response = node.path("responseElements");
    String arn = text(identity, "arn");
    String id = required(node, "eventID");
    Instant time = time(required(node, "eventTime"));
    return new CloudTrailRecord(
        id,
        time,
        service(required(node, "eventSource")) + ':' + required(node, "eventName"),
        text(node, "awsRegion"),
        either(text(node, "recipientAccountId"), text(identity, "accountId")),
        arn,
        principalName(identity, arn),
        text(identity, "type"),
        text(identity, "accessKeyId"),
        after(ASSUMED_ROLE, arn),
        sourceIdentity(node),
        text(node, "sourceIPAddress"),
        text(node, "userAgent"),
        text(node, "errorCode"),
        text(node, "errorMessage"),
        resources(node),
        node.path("readOnly").asBoolean(),
        issuedAccessKeyId(response),
        expiration(response.path("credentials")),
        revokedAccessKeyId(node));
  }

  // A key that is set active again is no longer revoked, which the provider's own record says.
  private static @Nullable String revokedAccessKeyId(JsonNode node) {
    JsonNode parameters = node.path("requestParameters");
    boolean ends =
        "iam.amazonaws.com".equals(text(node, "eventSource"))
            && text(node, "errorCode") == null
            && switch (node.path("eventName").asText()) {
              case "DeleteAccessKey" -> true;
              case "UpdateAccessKey" -> "Inactive".equals(text(parameters, "status"));
              default -> false;
            };
    return ends ? text(parameters, "accessKeyId") : null;
  }

  private static String service(String eventSource) {
    return eventSource.endsWith(SERVICE_SUFFIX)
        ? eventSource.substring(0, eventSource.length() - SERVICE_SUFFIX.length())
        : eventSource;
  }

  private static @Nullable String principalName(JsonNode identity, @Nullable String arn) {
    String userName = text(identity, "userName");
    if (userName != null) {
      return userName;
    }
    String session = after(ASSUMED_ROLE, arn);
    if (session != null) {
      return session.substring(session.lastIndexOf('/') + 1);
    }
    return either(after(FEDERATED_USER, arn), text(identity, "invokedBy"));
  }

  private static @Nullable String sourceIdentity(JsonNode node) {
    String ofSession = text(node.path("userIdentity").path("sessionContext"), "sourceIdentity");
    String issued = text(node.path("responseElements"), "sourceIdentity");
    // What a caller merely asked for is nobody's identity: a refused call carries it as well.
    return either(ofSession, issued);
  }

  private static @Nullable String issuedAccessKeyId(JsonNode response) {
    return either(
        text(response.path("credentials"), "accessKeyId"),
        text(response.path("accessKey"), "accessKeyId"));
  }

  // CloudTrail writes it as "Nov 22, 2026, 9:02:11 AM", since a while with a narrow space, or as
  // ISO 8601; any other form is no reason to lose the record.
  private static @Nullable Instant expiration(JsonNode credentials) {
    String text = text(credentials, "expiration");
    if (text == null) {
      return null;
    }
    try {
      return text.endsWith("Z")
          ? Instant.parse(text)
          : LocalDateTime.parse(text.replace('\u202f', ' '), EXPIRATION).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static List<String> resources(JsonNode node) {
    Set<String> arns = new LinkedHashSet<>();
    for (JsonNode resource : node.path("resources")) {
      String arn = text(resource, "ARN");
      if (arn != null) {
        arns.add(arn);
      }
    }
    JsonNode parameters = node.path("requestParameters");
    String bucket = text(parameters, "bucketName");
    if (bucket != null) {
      String key = text(parameters, "key");
      arns.add("arn:aws:s3:::" + bucket + (key == null ? "" : '/' + key));
    }
    collectArns(parameters, arns, arns.size() + MOST_PARAMETERS);
    return List.copyOf(arns);
  }

  private static void collectArns(JsonNode node, Set<String> arns, int most) {
    if (node.isTextual() && node.textValue().startsWith("arn:") && arns.size() < most) {
      arns.add(node.textValue());
    }
    for (JsonNode child : node) {
      collectArns(child, arns, most);
    }
  }

  private static @Nullable String after(String mark, @Nullable String arn) {
    int at = arn == null ? -1 : arn.indexOf(mark);
    return arn == null || at < 0 ? null : arn.substring(at + mark.length());
  }

  private static Instant time(String text) throws BadInputException {
    try {
      return isUsual(text) ? usual(text) : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BadInputException("eventTime is no time: expected the form 2026-01-31T12:00:00Z");
    }
  }

  /** Whether it has the form of {@code 2026-01-31T12:00:00Z}, as nearly every record's has. */
  private static boolean isUsual(String text) {
    if (text.length() != USUAL_TIME.length()) {
      return false;
    }
    for (int i = 0; i < USUAL_TIME.length(); i++) {
      char c = text.charAt(i);
      char expected = USUAL_TIME.charAt(i);
      if (expected == '0' ? c < '0' || c > '9' : c != expected) {
        return false;
      }
    }
    // Midnight as 24:00 and leap seconds are left to the library.
    return number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
  }

  // What Instant.parse makes of it, at a tenth of its cost.
  private static Instant usual(String text) {
    LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    int minutes = number(text, 11, 13) * 60 + number(text, 14, 16);
    return Instant.ofEpochSecond(day.toEpochDay() * 86_400 + minutes * 60L + number(text, 17, 19));
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static String required(JsonNode node, String field) throws BadInputException {
    String value = text(node, field);
    if (value == null) {
      throw new BadInputException("a record without " + field);
    }
    return value;
  }

  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
