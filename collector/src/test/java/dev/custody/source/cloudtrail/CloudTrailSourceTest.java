package dev.custody.source.cloudtrail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.sighting.TestObserver;
import dev.custody.source.records.RecordFiles;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CloudTrailSourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN =
      "IQoJb3JpZ2luX2Vj" + "AbCdEfGhIjKlMnOpQrStUvWxYz012345".repeat(5);

  private final CloudTrailSource source = new CloudTrailSource(new TestObserver().of("dana"));

  @Test
  void aCallIsRecordedWithWhatTheProviderSays() throws Exception {
    List<Event> events = source.events(deletion());
    assertThat(events).hasSize(1);
    Event event = events.getFirst();
    assertThat(event.source().kind()).isEqualTo("cloudtrail");
    assertThat(event.source().event()).isEqualTo("DeleteBucket");
    assertThat(event.source().id()).isEqualTo("0e7a4b52-1111-4222-8333-944445555666");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-22T06:59:03Z"));
    assertThat(event.action()).isEqualTo("s3:DeleteBucket");
    assertThat(event.resources()).containsExactly("arn:aws:s3:::acme-prod-builds");
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.actor()).isEqualTo(new Actor(null, null));
    assertThat(event.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAHARNESSFAKE00001"),
            new Identifier(IdentifierKind.PRINCIPAL, "ci-deploy"),
            new Identifier(IdentifierKind.USER_AGENT_TAG, "custody-7f3a"),
            new Identifier(IdentifierKind.SOURCE_ADDRESS, "203.0.113.7"));
    assertThat(event.body())
        .isEqualTo(
            new Body.CloudCall(
                "aws",
                "123456789012",
                "eu-central-1",
                "arn:aws:iam::123456789012:user/ci-deploy",
                "IAMUser",
                "203.0.113.7",
                "aws-cli/2.15.0 app/custody-7f3a",
                null,
                false,
                null,
                null));
  }

  @Test
  void aRecordTellsWhatAttributionNeeds() throws Exception {
    JsonNode records;
    try (InputStream in =
        CloudTrailSourceTest.class.getResourceAsStream("/cloudtrail/acme-incident.json")) {
      records = JSON.readTree(in).path("Records");
    }
    assertThat(CloudTrailRecord.of(records.path(0)))
        .isEqualTo(
            new CloudTrailRecord(
                "0d1f7a52-5a4e-4a26-9a4e-000000000001",
                Instant.parse("2026-11-22T06:59:03Z"),
                "s3:DeleteBucket",
                "eu-west-1",
                "123456789012",
                "arn:aws:iam::123456789012:user/ci-deploy",
                "ci-deploy",
                "IAMUser",
                "AKIAHARNESSFAKE00001",
                null,
                null,
                "198.51.100.7",
                "[aws-cli/2.31.0]",
                null,
                null,
                List.of("arn:aws:s3:::acme-prod-builds"),
                false,
                null,
                null,
                null));
    assertThat(CloudTrailRecord.of(records.path(1)))
        .isEqualTo(
            new CloudTrailRecord(
                "0d1f7a52-5a4e-4a26-9a4e-000000000002",
                Instant.parse("2026-11-22T07:00:00Z"),
                "sts:AssumeRole",
                "eu-west-1",
                "210987654321",
                "arn:aws:sts::123456789012:assumed-role/Deploy/custody-7f3a",
                "custody-7f3a",
                "AssumedRole",
                "ASIAHARNESSFAKE00002",
                "Deploy/custody-7f3a",
                "dana",
                "198.51.100.7",
                "aws-cli/2.31.0",
                "AccessDenied",
                "denied",
                List.of("arn:aws:iam::123456789012:role/Admin"),
                true,
                "ASIAHARNESSFAKE00003",
                null,
                null));
  }

  @Test
  void theTagOfASessionIsReadFromAUserAgentWhereverItStandsInIt() throws Exception {
    Identifier tag = new Identifier(IdentifierKind.SESSION_TAG, "custody-0123456789abcdef0123");
    for (String agent :
        List.of(
            "aws-cli/2.15.0 md/x app/custody-0123456789abcdef0123",
            "[aws-sdk-go/1.2 app/custody-0123456789abcdef0123]",
            "Terraform/1.9.0 app/custody-0123456789abcdef0123,gzip(gfe)",
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 app/custody-0123456789abcdef0123 aws-sdk-go-v2")) {
      assertThat(source.events(deletion().put("userAgent", agent)).getFirst().identifiers())
          .as(agent)
          .contains(tag);
    }
    for (String agent :
        List.of(
            "app/custody-0123456789ABCDEF0123",
            "app/custody-0123456789abcdef01234",
            "myapp/custody-0123456789abcdef0123")) {
      assertThat(source.events(deletion().put("userAgent", agent)).getFirst().identifiers())
          .as(agent)
          .noneMatch(i -> i.kind() == IdentifierKind.SESSION_TAG);
    }
  }

  @Test
  void aDeniedCallAndAFailedOneAreToldApart() throws Exception {
    for (String code :
        List.of("AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation")) {
      Event event = source.events(deletion().put("errorCode", code)).getFirst();
      assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
      assertThat(event.outcomeReason()).isEqualTo(code);
    }
    assertThat(source.events(deletion().put("errorCode", "NoSuchBucket")).getFirst().outcome())
        .isEqualTo(Outcome.FAILURE);
  }

  @Test
  void anIssuedCredentialIsNamedAndItsTokenIsNot() throws Exception {
    List<Event> events = source.events(assumption());
    Event call = events.getFirst();
    assertThat(((Body.CloudCall) call.body()).issuedCredential())
        .isEqualTo(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "ASIAHARNESSFAKE00002"));
    assertThat(call.identifiers())
        .contains(
            new Identifier(IdentifierKind.AWS_ROLE_SESSION, "ops/dana-7f3a"),
            new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dana"),
            new Identifier(IdentifierKind.PRINCIPAL, "dana-7f3a"));
    assertThat(events).hasSize(2);
    Event secret = events.getLast();
    assertThat(secret.source().id()).isEqualTo(call.source().id() + "#secret-1");
    assertThat(((Body.SecretObserved) secret.body()).kind()).isEqualTo("aws-session-token");
    assertThat(((Body.SecretObserved) secret.body()).location())
        .isEqualTo("/responseElements/credentials/sessionToken");
    for (Event event : events) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1)).doesNotContain(TOKEN);
    }
  }

  @Test
  void theEndOfAnIssuedCredentialIsReadInEveryFormThatCloudTrailWrites() throws Exception {
    for (String written :
        List.of(
            "Nov 22, 2026, 7:58:00 AM",
            "Nov 22, 2026 7:58:00 AM",
            "Nov 22, 2026, 7:58:00\u202fAM",
            "2026-11-22T07:58:00Z")) {
      assertThat(issuedUntil(written)).as(written).isEqualTo(Instant.parse("2026-11-22T07:58:00Z"));
    }
    assertThat(issuedUntil("Nov 2, 2026, 12:05:09 PM")).isEqualTo("2026-11-02T12:05:09Z");
    for (String none : List.of("tomorrow", "22.11.2026", "2026-11-22T07:58:00+01:00")) {
      assertThat(issuedUntil(none)).as(none).isNull();
    }
  }

  private @Nullable Instant issuedUntil(String written) throws Exception {
    ObjectNode record = assumption();
    ((ObjectNode) record.at("/responseElements/credentials")).put("expiration", written);
    return ((Body.CloudCall) source.events(record).getFirst().body()).issuedUntil();
  }

  @Test
  void aRoleThatIsAssumedIsAResourceAndEveryWayToGetACredentialNamesIt() throws Exception {
    Event assumed = source.events(assumption()).getFirst();
    assertThat(assumed.resources()).containsExactly("arn:aws:iam::123456789012:role/deploy");
    for (String call :
        List.of(
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "GetSessionToken",
            "GetFederationToken")) {
      Event event = source.events(assumption().put("eventName", call)).getFirst();
      assertThat(((Body.CloudCall) event.body()).issuedCredential())
          .as(call)
          .isEqualTo(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "ASIAHARNESSFAKE00002"));
    }
    ObjectNode created = assumption().put("eventName", "CreateAccessKey");
    created
        .putObject("responseElements")
        .putObject("accessKey")
        .put("accessKeyId", "AKIAHARNESSFAKE00003")
        .put("createDate", "Nov 22, 2026 7:58:00 AM");
    Body.CloudCall body = (Body.CloudCall) source.events(created).getFirst().body();
    assertThat(body.issuedCredential())
        .isEqualTo(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAHARNESSFAKE00003"));
    assertThat(body.issuedUntil()).isNull();
  }

  @Test
  void whatIsNoRecordIsRefusedWithoutShowingIt() throws Exception {
    JsonNode none = JSON.readTree("{\"eventID\":\"hunter2\"}");
    assertThatThrownBy(() -> source.events(none))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a record without eventTime");
    assertThatThrownBy(() -> source.events(deletion().put("eventID", "x".repeat(300))))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> source.events(JSON.readTree("[]")))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CUSTODY_CLOUDTRAIL_SAMPLES", matches = ".+")
  void everyRealRecordBecomesAnEvent() {
    List<Event> calls = new ArrayList<>();
    Path samples = Path.of(Objects.requireNonNull(System.getenv("CUSTODY_CLOUDTRAIL_SAMPLES")));
    RecordFiles.Sink sink =
        new RecordFiles.Sink() {
          @Override
          public void record(RecordFiles.Item item) {
            try {
              List<Event> events = source.events(JSON.readTree(item.record()));
              calls.add(events.getFirst());
              for (Event event : events) {
                String text = new String(Formats.EVENT.encode(event), ISO_8859_1);
                assertThat(text).doesNotContain("IQoJb3JpZ2lu");
              }
            } catch (BadInputException | IOException e) {
              throw new AssertionError(item.problem("refused").toString(), e);
            }
          }

          @Override
          public void problem(RecordFiles.Problem problem) {
            throw new AssertionError(problem.toString());
          }
        };
    RecordFiles.Totals totals =
        RecordFiles.read(
            CloudTrailSource.SHAPE,
            List.of(samples),
            java.io.InputStream.nullInputStream(),
            sink,
            (at, total) -> {});
    assertThat(calls).hasSize((int) totals.read()).isNotEmpty();
    assertThat(calls).extracting(e -> e.source().id()).doesNotHaveDuplicates();
    // Every temporary credential in them has an end that is understood.
    assertThat(
            calls.stream()
                .map(e -> (Body.CloudCall) e.body())
                .filter(CloudTrailSourceTest::issuesTemporary))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(c.issuedUntil()).isNotNull());
  }

  private static boolean issuesTemporary(Body.CloudCall call) {
    Identifier issued = call.issuedCredential();
    return issued != null && issued.value().startsWith("ASIA");
  }

  private static ObjectNode ofKey(String event, String status, String error) throws Exception {
    ObjectNode record =
        (ObjectNode)
            JSON.readTree(
                """
                {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAHARNESSFAKE000009",
                 "arn":"arn:aws:iam::123456789012:user/admin","accountId":"123456789012",
                 "accessKeyId":"AKIAHARNESSADMIN0001","userName":"admin"},
                 "eventTime":"2026-11-22T07:10:41Z","eventSource":"iam.amazonaws.com","awsRegion":"us-east-1",
                 "sourceIPAddress":"203.0.113.9","userAgent":"AWS Internal",
                 "requestParameters":{"userName":"ci-deploy","accessKeyId":"AKIAHARNESSFAKE00001"},
                 "responseElements":null,"requestID":"R9","eventID":"0e7a4b52-1111-4222-8333-944445555999",
                 "readOnly":false,"eventType":"AwsApiCall","managementEvent":true,
                 "recipientAccountId":"123456789012","eventCategory":"Management"}
                """);
    record.put("eventName", event);
    if (!status.isEmpty()) {
      ((ObjectNode) record.path("requestParameters")).put("status", status);
    }
    if (!error.isEmpty()) {
      record.put("errorCode", error);
    }
    return record;
  }

  @ParameterizedTest
  @CsvSource({"DeleteAccessKey, ''", "UpdateAccessKey, Inactive"})
  void aUsersKeyThatWasDeletedOrSetInactiveIsRevokedByTheProvidersOwnWord(
      String event, String status) throws Exception {
    List<Event> events = source.events(ofKey(event, status, ""));
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().body()).isInstanceOf(Body.CloudCall.class);
    Event revoked = events.getLast();
    Identifier key = new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAHARNESSFAKE00001");
    Instant at = Instant.parse("2026-11-22T07:10:41Z");
    assertThat(revoked.body()).isEqualTo(new Body.CredentialRevoked(key, "iam:" + event, at, null));
    assertThat(revoked.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(revoked.occurredAt()).isEqualTo(at);
    assertThat(revoked.identifiers()).as("who revoked it holds another key").containsExactly(key);
    assertThat(revoked.source().id())
        .as("not taken for a repeat of the call")
        .isEqualTo("0e7a4b52-1111-4222-8333-944445555999#revoked");
  }

  @ParameterizedTest
  @CsvSource({
    "DeleteAccessKey, '', AccessDenied",
    "UpdateAccessKey, Inactive, NoSuchEntityException",
    "UpdateAccessKey, Active, ''",
    "GetAccessKeyLastUsed, '', ''"
  })
  void whatEndsNoKeyIsNoRevocation(String event, String status, String error) throws Exception {
    assertThat(source.events(ofKey(event, status, error)))
        .singleElement()
        .satisfies(e -> assertThat(e.body()).isInstanceOf(Body.CloudCall.class));
  }

  private static ObjectNode deletion() throws Exception {
    return (ObjectNode)
        JSON.readTree(
            """
            {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAHARNESSFAKE000001",
             "arn":"arn:aws:iam::123456789012:user/ci-deploy","accountId":"123456789012",
             "accessKeyId":"AKIAHARNESSFAKE00001","userName":"ci-deploy"},
             "eventTime":"2026-11-22T06:59:03Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket",
             "awsRegion":"eu-central-1","sourceIPAddress":"203.0.113.7",
             "userAgent":"aws-cli/2.15.0 app/custody-7f3a","requestParameters":{"bucketName":"acme-prod-builds"},
             "responseElements":null,"requestID":"R1","eventID":"0e7a4b52-1111-4222-8333-944445555666",
             "readOnly":false,"eventType":"AwsApiCall","managementEvent":true,
             "recipientAccountId":"123456789012","eventCategory":"Management"}
            """);
  }

  private static ObjectNode assumption() throws Exception {
    return (ObjectNode)
        JSON.readTree(
            """
            {"eventVersion":"1.09","userIdentity":{"type":"AssumedRole",
             "arn":"arn:aws:sts::123456789012:assumed-role/ops/dana-7f3a","accountId":"123456789012",
             "accessKeyId":"ASIAHARNESSFAKE00001","sessionContext":{"sourceIdentity":"dana"}},
             "eventTime":"2026-11-22T06:58:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole",
             "awsRegion":"us-east-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.15.0",
             "requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/deploy","roleSessionName":"s2"},
             "responseElements":{"credentials":{"accessKeyId":"ASIAHARNESSFAKE00002",
              "sessionToken":"%s","expiration":"Nov 22, 2026, 7:58:00 AM"}},
             "requestID":"R2","eventID":"0e7a4b52-1111-4222-8333-944445555777","readOnly":true,
             "eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012"}
            """
                .formatted(TOKEN));
  }
}
