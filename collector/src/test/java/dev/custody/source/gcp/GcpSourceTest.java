package dev.custody.source.gcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.sighting.TestObserver;
import dev.custody.source.records.Sample;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records in the form that Cloud Logging has; whoever is in them was made up. */
final class GcpSourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY =
      "projects/widgets-dev/serviceAccounts/builder@widgets-dev.iam.gserviceaccount.com"
          + "/keys/7c1d0e5b9a3f42618d7e6f5a4b3c2d1e0f9a8b7c";

  @TempDir private Path directory;
  private final GcpSource source = new GcpSource(new TestObserver().of("dana"));
  private List<Event> events = List.of();

  @BeforeEach
  void read() throws Exception {
    events = flat(Sample.text("/gcp/audit.jsonl"));
    assertThat(events).hasSize(6);
  }

  private List<Event> flat(String text) throws Exception {
    List<List<Event>> read = Sample.events(source, directory.resolve("audit.json"), text);
    assertThat(read).allSatisfy(one -> assertThat(one).as("secrets found").hasSize(1));
    return read.stream().map(List::getFirst).toList();
  }

  private static Body.CloudCall call(Event event) {
    return (Body.CloudCall) event.body();
  }

  private static ObjectNode entry(int number) throws Exception {
    return (ObjectNode) JSON.readTree(Sample.text("/gcp/audit.jsonl").split("\n")[number]);
  }

  private Event changed(int number, Consumer<ObjectNode> change) throws Exception {
    ObjectNode entry = entry(number);
    change.accept(entry);
    return source.events(entry).getFirst();
  }

  @Test
  void aCallNamesWhoByWhichKeyForWhomFromWhereAndOnWhat() {
    Event event = events.getFirst();
    assertThat(event.source().kind()).isEqualTo("gcp");
    assertThat(event.source().event()).isEqualTo("activity");
    assertThat(event.source().id())
        .isEqualTo(
            "1k2j3h4g5f6d7/2026-11-22T07:00:01.123456789Z/projects/widgets-dev/logs/cloudaudit.googleapis.com%2Factivity");
    assertThat(event.occurredAt())
        .isBetween(
            Instant.parse("2026-11-22T07:00:01.123Z"), Instant.parse("2026-11-22T07:00:01.124Z"));
    assertThat(event.action()).isEqualTo("gcp:google.iam.admin.v1.CreateServiceAccountKey");
    assertThat(event.resources())
        .containsExactly("gcp:projects/-/serviceAccounts/104857600000000000001");
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.PRINCIPAL, "builder@widgets-dev.iam.gserviceaccount.com"),
            new Identifier(IdentifierKind.PRINCIPAL, KEY),
            new Identifier(IdentifierKind.PRINCIPAL, "dana@widgets.example"),
            new Identifier(IdentifierKind.USER_AGENT_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SESSION_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SOURCE_ADDRESS, "203.0.113.24"));
    assertThat(call(event).account()).isEqualTo("widgets-dev");
    assertThat(call(event).principal()).isEqualTo("builder@widgets-dev.iam.gserviceaccount.com");
    assertThat(call(event).principalType()).isEqualTo("ServiceAccount");
    assertThat(call(event).errorCode()).isNull();
    assertThat(call(event).readOnly()).isFalse();
  }

  @Test
  void namesAndIdsOfARecordAreNotTakenForSecrets() {
    assertThat(events).allSatisfy(event -> assertThat(event.redactions()).isEmpty());
  }

  @Test
  void aCallWithoutPermissionIsDeniedThoughTheRecordLeavesGrantedOut() {
    Event event = events.get(1);
    assertThat(event.source().event()).isEqualTo("data_access");
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(call(event).errorCode()).isEqualTo("PERMISSION_DENIED");
    assertThat(call(event).readOnly()).isTrue();
    assertThat(call(event).principalType()).isEqualTo("User");
    assertThat(event.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.PRINCIPAL, "dana@widgets.example"),
            new Identifier(IdentifierKind.SOURCE_ADDRESS, "2001:db8:7::24"));
  }

  @Test
  void ofALongOperationTheFirstRecordKnowsNoOutcomeAndTheLastDoes() {
    assertThat(events.get(2).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(events.get(3).outcome()).isEqualTo(Outcome.FAILURE);
    assertThat(call(events.get(3)).errorCode()).isEqualTo("ALREADY_EXISTS");
  }

  @Test
  void aWordInPlaceOfAnAddressIsNoAddress() {
    assertThat(call(events.get(2)).sourceAddress()).isEqualTo("private");
    assertThat(events.get(2).identifiers())
        .containsExactly(new Identifier(IdentifierKind.PRINCIPAL, "dana@widgets.example"));
  }

  @Test
  void recordsOfWorkspaceBelongToTheirOrganisation() {
    Event event = events.get(4);
    assertThat(event.action())
        .isEqualTo("gcp:google.admin.AdminService.enforceStrongAuthentication");
    assertThat(call(event).account()).isEqualTo("organizations/123456789012");
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(call(event).readOnly()).isFalse();
    assertThat(events.get(5).outcome()).isEqualTo(Outcome.FAILURE);
    assertThat(call(events.get(5)).readOnly()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, SUCCESS,",
    "7, DENIED, PERMISSION_DENIED",
    "16, DENIED, UNAUTHENTICATED",
    "5, FAILURE, NOT_FOUND",
    "13, FAILURE, INTERNAL",
    "99, FAILURE, 99",
    "-1, FAILURE, -1"
  })
  void theOutcomeIsTheStatus(int code, Outcome outcome, String errorCode) throws Exception {
    Event event = changed(1, e -> e.withObject("/protoPayload/status").put("code", code));
    assertThat(event.outcome()).isEqualTo(outcome);
    assertThat(call(event).errorCode()).isEqualTo(errorCode);
  }

  @Test
  void aPermissionThatWasNotGrantedIsADenialWhateverTheStatusSays() throws Exception {
    Event event =
        changed(
            0, e -> ((ObjectNode) e.at("/protoPayload/authorizationInfo/0")).put("granted", false));
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
  }

  @Test
  void aFederatedCallerIsNamedByItsSubject() throws Exception {
    String subject =
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/repo:acme/api";
    Event event =
        changed(
            1,
            e ->
                e.withObject("/protoPayload")
                    .putObject("authenticationInfo")
                    .put("principalSubject", subject));
    assertThat(call(event).principal()).isEqualTo(subject);
    assertThat(call(event).principalType()).isEqualTo("Federated");
  }

  @Test
  void aKeyInARecordIsReplacedAndSeen() throws Exception {
    ObjectNode entry = entry(0);
    String secret = "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345";
    entry.withObject("/protoPayload/request").put("note", "token " + secret);
    List<Event> seen = source.events(entry);
    assertThat(seen).hasSizeGreaterThan(1);
    for (Event event : seen) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1)).doesNotContain(secret);
    }
  }

  @Test
  void arraysAndAnswersOfTheApiHoldTheSameRecords() throws Exception {
    String array =
        "[" + String.join(",", Sample.text("/gcp/audit.jsonl").strip().split("\n")) + "]";
    for (String text :
        new String[] {array, "{\"entries\":" + array + ",\"nextPageToken\":\"x\"}"}) {
      assertThat(flat(text))
          .extracting(event -> event.source().id())
          .containsExactlyElementsOf(events.stream().map(event -> event.source().id()).toList());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insertId|a record without insertId",
        "logName|a record without logName",
        "timestamp|a record without timestamp",
        "protoPayload|expected a LogEntry whose protoPayload is a google.cloud.audit.AuditLog, found another or none",
      })
  void aRecordWithoutWhatEveryRecordHasIsRefused(String field, String problem) throws Exception {
    ObjectNode entry = entry(0);
    entry.remove(field);
    assertThatThrownBy(() -> source.events(entry))
        .isInstanceOf(BadInputException.class)
        .hasMessage(problem);
  }

  @Test
  void entriesOfOtherLogsAndTooLongNamesAreRefused() throws Exception {
    ObjectNode other = entry(0);
    other.put("logName", "projects/p/logs/syslog");
    assertThatThrownBy(() -> source.events(other))
        .hasMessageStartingWith("logName is that of no audit log");
    ObjectNode odd = entry(0);
    odd.put("timestamp", "yesterday");
    assertThatThrownBy(() -> source.events(odd)).hasMessageStartingWith("timestamp is no time");
    ObjectNode tooLong = entry(0);
    tooLong.put("insertId", "x".repeat(300));
    assertThatThrownBy(() -> source.events(tooLong))
        .hasMessageStartingWith("expected an insertId and a logName of at most 256 characters");
    assertThatThrownBy(() -> source.events(JSON.readTree("[]".getBytes(UTF_8))))
        .hasMessage("expected a record, found a JSON array");
  }
}
