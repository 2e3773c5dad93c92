package dev.custody.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.sighting.TestObserver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where and for whom a session works that tells of itself. */
final class PlacesTest {
  private static final String SESSION = "de69fa27-56e9-4a24-a42a-3fbc674d999f";
  private static final Human DANA =
      new Human("dana@acme.example", HumanBasis.GIT_EMAIL, "dana", "dana@acme.example");

  private static Recordings.Request log(String attributes) {
    return Requests.log(
        "claude-code",
        "{\"key\":\"session.id\",\"value\":{\"stringValue\":\"" + SESSION + "\"}}" + attributes);
  }

  private static Event hook(Intake intake, String project) {
    return new EventBuilder(
            new Source("claude-code", "SessionStart", null, null),
            intake.observer.host(),
            intake.observer.clock().instant(),
            new Body.SessionStarted("startup", null))
        .actor(
            new Actor(
                DANA,
                new Agent(
                    "claude-code",
                    null,
                    "spiffe://acme.example/agent/claude-code/api",
                    SESSION,
                    null)))
        .project(project)
        .delegation("dlg-1")
        .within(SESSION, null, null)
        .build();
  }

  @Test
  void telemetryWorksWhereTheHooksOfItsSessionDo() throws Exception {
    Intake intake = new Intake();
    intake.places.recorded(List.of(hook(intake, "/home/dana/api")));
    OtlpReceiver.Taken _ = intake.take(log(""));
    Event event = intake.events.getFirst();
    assertThat(event.project()).isEqualTo("/home/dana/api");
    assertThat(event.delegation()).isEqualTo("dlg-1");
    assertThat(event.actor().human()).isEqualTo(DANA);
    assertThat(event.actor().agent()).isNotNull();
    assertThat(event.actor().agent().spiffeId())
        .isEqualTo("spiffe://acme.example/agent/claude-code/api");
    assertThat(event.actor().agent().instance()).isEqualTo(SESSION);
  }

  @Test
  void aSessionWithoutHooksWorksInAnUnknownProjectForTheEnrolledUser() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken _ = intake.take(log(""));
    Event event = intake.events.getFirst();
    assertThat(event.project()).isNull();
    assertThat(event.actor().human())
        .isEqualTo(new Human("dana", HumanBasis.OS_USER, "dana", null));
    assertThat(event.actor().agent()).isNotNull();
    assertThat(event.actor().agent().spiffeId())
        .isEqualTo("spiffe://acme.example/agent/claude-code/unknown");
  }

  @Test
  void anotherAgentsSessionOfTheSameNameIsAnother() throws Exception {
    Intake intake = new Intake();
    intake.places.recorded(List.of(hook(intake, "/home/dana/api")));
    OtlpReceiver.Taken _ =
        intake.take(
            Requests.log(
                "gemini-cli",
                "{\"key\":\"session.id\",\"value\":{\"stringValue\":\"" + SESSION + "\"}}"));
    assertThat(intake.events.getFirst().project()).isNull();
  }

  @Test
  void theAccountThatAnAgentIsLoggedInWithIsTheHuman() throws Exception {
    Intake intake = new Intake(new TestObserver().of("dana"));
    OtlpReceiver.Taken _ =
        intake.take(
            log(",{\"key\":\"user.email\",\"value\":{\"stringValue\":\"jane@acme.example\"}}"));
    assertThat(intake.events.getFirst().actor().human())
        .isEqualTo(new Human("jane@acme.example", HumanBasis.AGENT_ACCOUNT, "dana", null));
  }

  @Test
  void noHumanIsTakenFromAnAgentThatNobodyKnows() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken _ =
        intake.take(
            Requests.log(
                "some-agent",
                "{\"key\":\"gen_ai.conversation.id\",\"value\":{\"stringValue\":\"c\"}},"
                    + "{\"key\":\"user.email\",\"value\":{\"stringValue\":\"jane@acme.example\"}}"));
    assertThat(intake.events.getFirst().source().kind()).isEqualTo("otlp");
    assertThat(intake.events.getFirst().actor().human())
        .isEqualTo(new Human("dana", HumanBasis.OS_USER, "dana", null));
  }
}
