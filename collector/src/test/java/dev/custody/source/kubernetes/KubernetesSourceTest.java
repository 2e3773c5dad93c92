package dev.custody.source.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubernetesSourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** In three parts, each of which is nothing. */
  private static final String TOKEN =
      "eyJhbGciOiJSUzI1NiJ9." + "eyJpc3MiOiJtYWRlLXVwIn0." + "c2lnbmF0dXJlLW1hZGUtdXA";

  @TempDir private Path directory;
  private final KubernetesSource source = new KubernetesSource(new TestObserver().of("dana"));
  private List<List<Event>> events;

  @BeforeEach
  void read() throws Exception {
    events = Sample.events(source, directory.resolve("audit.log"), log());
    assertThat(events).hasSize(6);
  }

  private static String log() {
    return Sample.text("/kubernetes/audit.log").replace("%TOKEN%", TOKEN);
  }

  private static Body.CloudCall call(Event event) {
    return (Body.CloudCall) event.body();
  }

  @Test
  void aTokenRequestNamesTheCredentialThatItIssuedAndItsParent() {
    Event event = events.getFirst().getFirst();
    assertThat(event.source().kind()).isEqualTo("kubernetes");
    assertThat(event.source().event()).isEqualTo("ResponseComplete");
    assertThat(event.source().id())
        .isEqualTo("6780ab29-bdb9-4f60-9ac4-906f8901c0ac/ResponseComplete");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-22T06:58:00.123Z"));
    assertThat(event.action()).isEqualTo("k8s:create:serviceaccounts/token");
    assertThat(event.resources()).containsExactly("k8s:build/serviceaccounts/deployer/token");
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.identifiers())
        .containsExactly(
            new Identifier(
                IdentifierKind.KUBERNETES_CREDENTIAL, "JTI=17ab4926-813f-4ffe-9173-f288d07c1b31"),
            new Identifier(IdentifierKind.PRINCIPAL, "system:serviceaccount:build:runner"),
            new Identifier(IdentifierKind.USER_AGENT_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SESSION_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SOURCE_ADDRESS, "10.23.0.6"));
    assertThat(event.body())
        .isEqualTo(
            new Body.CloudCall(
                "kubernetes",
                null,
                null,
                "system:serviceaccount:build:runner",
                "ServiceAccount",
                "10.23.0.6",
                "kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9 app/custody-0123456789abcdef0123",
                null,
                false,
                new Identifier(
                    IdentifierKind.KUBERNETES_CREDENTIAL,
                    "JTI=2d1c0c5e-aaaa-bbbb-cccc-c6b8e3f0a001"),
                Instant.parse("2026-11-22T07:58:00Z")));
  }

  @Test
  void theTokenItselfIsNowhere() {
    assertThat(events.getFirst()).hasSize(2);
    for (Event event : events.getFirst()) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1))
          .doesNotContain(TOKEN)
          .doesNotContain("c2lnbmF0dXJl");
    }
  }

  @Test
  void onlyTheStageThatEndsARequestIsTheCall() {
    Event received = events.get(1).getFirst();
    Event complete = events.get(2).getFirst();
    assertThat(received.body()).isEqualTo(new Body.Observed("RequestReceived"));
    assertThat(received.action()).isNull();
    assertThat(received.identifiers()).isEmpty();
    assertThat(received.source().id()).endsWith("/RequestReceived");
    assertThat(complete.source().id()).isNotEqualTo(received.source().id());
    assertThat(complete.body()).isInstanceOf(Body.CloudCall.class);
  }

  @Test
  void aForbiddenRequestIsDeniedAndNamesWhoAsWhomAndByWhat() {
    Event event = events.get(2).getFirst();
    assertThat(event.action()).isEqualTo("k8s:list:secrets");
    assertThat(event.resources()).containsExactly("k8s:prod/secrets");
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(call(event).errorCode()).isEqualTo("Forbidden");
    assertThat(call(event).readOnly()).isTrue();
    assertThat(call(event).principal()).isEqualTo("dana");
    assertThat(event.identifiers())
        .contains(
            new Identifier(IdentifierKind.KUBERNETES_CREDENTIAL, "X509SHA256=9f2a"),
            new Identifier(IdentifierKind.PRINCIPAL, "dana"),
            new Identifier(IdentifierKind.PRINCIPAL, "cluster-admin"));
  }

  @Test
  void aPanicIsAFailureAndAPathThatIsNoResourceIsNamedAsOne() {
    Event panic = events.get(3).getFirst();
    assertThat(panic.outcome()).isEqualTo(Outcome.FAILURE);
    assertThat(call(panic).errorCode()).isEqualTo("Panic");
    assertThat(call(panic).principalType()).isEqualTo("Node");
    assertThat(panic.resources()).containsExactly("k8s:prod/deployments/api");
    Event health = events.get(4).getFirst();
    assertThat(health.action()).isEqualTo("k8s:get");
    assertThat(health.resources()).containsExactly("k8s-url:/healthz");
  }

  @Test
  void theValuesOfASecretAreNotRecordedWhateverTheyLookLike() {
    Event patched = events.get(5).getFirst();
    String content = patched.content().utf8();
    assertThat(new String(Formats.EVENT.encode(patched), ISO_8859_1))
        .doesNotContain("Y29ycmVjdC1ob3JzZQ", "correct-horse");
    assertThat(content)
        .contains("\"data\":{\"url\":\"[omitted: of a Secret]\"}")
        .contains("\"name\":\"db\"")
        .contains("\"kind\":\"Secret\"");
  }

  @Test
  void aListOfEventsIsReadAsAFileAndAsALine() throws Exception {
    String list =
        "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["
            + String.join(",", log().strip().split("\n"))
            + "]}";
    assertThat(ids(Sample.events(source, directory.resolve("list.json"), list)))
        .isEqualTo(ids(events));
    assertThat(ids(Sample.events(source, directory.resolve("lines.json"), "[" + list + "]")))
        .isEqualTo(ids(events));
  }

  private static List<String> ids(List<List<Event>> all) {
    return all.stream().flatMap(List::stream).map(e -> String.valueOf(e.source().id())).toList();
  }

  @Test
  void whatIsNoRecordIsRefusedWithoutShowingIt() {
    String event = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"hunter2\"";
    for (String[] none :
        new String[][] {
          {"7", "expected a record, found a JSON number"},
          {
            "{\"kind\":\"hunter2\"}",
            "expected an Event of audit.k8s.io/v1, found another kind or version"
          },
          {
            event.replace("/v1", "/v1beta1") + "}",
            "expected an Event of audit.k8s.io/v1, found another kind or version"
          },
          {event + "}", "a record without stage"},
          {event + ",\"stage\":\"Panic\"}", "a record without requestReceivedTimestamp"},
          {
            event + ",\"stage\":\"Panic\",\"requestReceivedTimestamp\":\"hunter2\"}",
            "requestReceivedTimestamp is no time: expected the form 2026-01-31T12:00:00.000000Z"
          },
        }) {
      assertThatThrownBy(() -> source.events(JSON.readTree(none[0])))
          .as(none[0])
          .isInstanceOf(BadInputException.class)
          .hasMessage(none[1]);
    }
  }
}
