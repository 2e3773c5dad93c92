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
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

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
                null));
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
  void whatIsNoRecordIsRefusedWithoutShowingIt() throws Exception {
    JsonNode none = JSON.readTree("{\"eventID\":\"hunter2\"}");
    assertThatThrownBy(() -> source.events(none))
        .isInstanceOf(BadInputException.class)
        .hasMessage("not a CloudTrail record: a record without eventTime");
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
    CloudTrailFiles.Sink sink =
        new CloudTrailFiles.Sink() {
          @Override
          public void record(CloudTrailFiles.Item item) {
            try {
              List<Event> events = source.events(item.record());
              calls.add(events.getFirst());
              for (Event event : events) {
                String text = new String(Formats.EVENT.encode(event), ISO_8859_1);
                assertThat(text).doesNotContain("IQoJb3JpZ2lu");
              }
            } catch (BadInputException e) {
              throw new AssertionError(item.file() + ": " + item.index(), e);
            }
          }

          @Override
          public void problem(CloudTrailFiles.Problem problem) {
            throw new AssertionError(problem.toString());
          }
        };
    CloudTrailFiles.Totals totals =
        CloudTrailFiles.read(
            List.of(samples), java.io.InputStream.nullInputStream(), sink, (at, total) -> {});
    assertThat(calls).hasSize((int) totals.read()).isNotEmpty();
    assertThat(calls).extracting(e -> e.source().id()).doesNotHaveDuplicates();
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
