package dev.custody.source.github;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
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

final class GitHubSourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HASH = "EH4L8o6PfCqipALbL+QT62lyqUtnI7ql0SPbkaQnjv8=";

  @TempDir private Path directory;
  private final Observer observer = new TestObserver().of("dana");
  private final GitHubSource source = new GitHubSource(observer);
  private List<List<Event>> events;

  @BeforeEach
  void read() throws Exception {
    events =
        Sample.events(
            source, directory.resolve("audit.json"), Sample.text("/github/audit-log.json"));
    assertThat(events).hasSize(5);
  }

  private static Body.CloudCall call(Event event) {
    return (Body.CloudCall) event.body();
  }

  @Test
  void aPushIsRecordedWithWhatGitHubSays() {
    assertThat(events.getFirst()).hasSize(1);
    Event push = events.getFirst().getFirst();
    assertThat(push.source().kind()).isEqualTo("github");
    assertThat(push.source().event()).isEqualTo("git.push");
    assertThat(push.source().id()).isEqualTo("xJJFlFOhQ6b-5vaAFy9Rjw");
    assertThat(push.occurredAt()).isEqualTo(Instant.ofEpochMilli(1795330743123L));
    assertThat(push.action()).isEqualTo("github:git.push");
    assertThat(push.resources()).containsExactly("github:acme/api");
    assertThat(push.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(push.actor()).isEqualTo(new Actor(null, null));
    assertThat(push.identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.GITHUB_TOKEN, HASH),
            new Identifier(IdentifierKind.PRINCIPAL, "dana"),
            new Identifier(IdentifierKind.PRINCIPAL, "dana@acme.example"),
            new Identifier(IdentifierKind.USER_AGENT_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SESSION_TAG, "custody-0123456789abcdef0123"),
            new Identifier(IdentifierKind.SOURCE_ADDRESS, "198.51.100.7"));
    assertThat(push.body())
        .isEqualTo(
            new Body.CloudCall(
                "github",
                "acme",
                null,
                "dana",
                "Fine-grained personal access token",
                "198.51.100.7",
                "git/2.51.0 app/custody-0123456789abcdef0123",
                null,
                false,
                null,
                null));
  }

  @Test
  void theHashThatNamesATokenStaysAndATokenInItsPlaceGoes() throws Exception {
    JsonNode content = JSON.readTree(events.getFirst().getFirst().content().toByteArray());
    assertThat(content.path("hashed_token").textValue()).isEqualTo(HASH);
    assertThat(JSON.readTree(events.get(3).getFirst().content().toByteArray()).path("token_scopes"))
        .hasToString("\"repo, admin:org\"");
    List<Event> rejected = events.get(2);
    assertThat(rejected).hasSize(2);
    assertThat(rejected.getFirst().identifiers())
        .noneMatch(i -> i.kind() == IdentifierKind.GITHUB_TOKEN);
    for (Event event : rejected) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1)).doesNotContain("ghp_01234");
    }
  }

  @Test
  void whatWasRefusedIsToldFromWhatWasDone() {
    Event rejected = events.get(2).getFirst();
    assertThat(rejected.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(rejected.outcomeReason()).isEqualTo("rejected_ref_update");
    Event forbidden = events.get(3).getFirst();
    assertThat(forbidden.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(call(forbidden).errorCode()).isEqualTo("403");
    assertThat(call(forbidden).readOnly()).isTrue();
    assertThat(forbidden.resources()).containsExactly("github:acme");
  }

  @Test
  void whoCreatesATokenIsNotToldWhichTokenItIs() {
    Event created = events.get(1).getFirst();
    assertThat(call(created).issuedCredential()).isNull();
    assertThat(call(created).readOnly()).isFalse();
  }

  @Test
  void aRecordWithoutAnIdIsKnownAgainByAKeyedName() throws Exception {
    Event clone = events.get(4).getFirst();
    assertThat(clone.source().id()).matches("print:[0-9a-f]{16}");
    JsonNode again = JSON.readTree(Sample.text("/github/audit-log.json")).get(4);
    assertThat(new GitHubSource(observer).events(again).getFirst().source().id())
        .isEqualTo(clone.source().id());
    assertThat(
            new GitHubSource(new TestObserver().of("dana")).events(again).getFirst().source().id())
        .as("another organisation's key")
        .isNotEqualTo(clone.source().id());
    assertThat(call(clone).readOnly()).isTrue();
  }

  @Test
  void whatIsNoRecordIsRefusedWithoutShowingIt() {
    for (String[] none :
        new String[][] {
          {"[]", "expected a record, found a JSON array"},
          {"{\"hunter2\":1}", "a record without action"},
          {"{\"action\":{\"hunter2\":1}}", "a record without action"},
          {"{\"action\":\"a.b\"}", "a record without @timestamp"},
          {
            "{\"action\":\"a.b\",\"@timestamp\":\"hunter2\"}",
            "@timestamp is no time: expected milliseconds since 1970"
          },
          {
            "{\"action\":\"a.b\",\"@timestamp\":1e300}",
            "@timestamp is no time: expected milliseconds since 1970"
          },
        }) {
      assertThatThrownBy(() -> source.events(JSON.readTree(none[0])))
          .as(none[0])
          .isInstanceOf(BadInputException.class)
          .hasMessage(none[1]);
    }
  }

  @Test
  void aFieldOfAnotherTypeIsAbsentAndInTheContent() throws Exception {
    Event event =
        source
            .events(
                JSON.readTree(
                    "{\"action\":\"a.b\",\"@timestamp\":1,\"_document_id\":\"x\",\"actor\":[1],\"repo\":{},\"actor_ip\":7}"))
            .getFirst();
    assertThat(event.identifiers()).isEmpty();
    assertThat(event.resources()).isEmpty();
    assertThat(event.content().utf8()).contains("\"actor\":[1]");
  }
}
