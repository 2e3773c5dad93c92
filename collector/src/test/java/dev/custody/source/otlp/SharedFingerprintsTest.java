package dev.custody.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.capture.Recorder;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.TestObserver;
import dev.custody.source.SessionPlaces;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A password has one name in all that is told of a session, and another in the next. */
final class SharedFingerprintsTest {
  private static final String ATTRIBUTES =
      Requests.text("event.name", "tool_result")
          + ","
          + Requests.text("output", "DATABASE_URL=postgres://app:correct-horse-battery@db/app");

  private final dev.custody.capture.Observer observer = new TestObserver().of("dana");
  private final SessionRedactors redactors = new SessionRedactors(observer.fingerprints());

  private String fingerprint(String session) throws Exception {
    List<Event> events = new ArrayList<>();
    OtlpReceiver.Taken _ =
        new OtlpReceiver(observer, redactors, new SessionPlaces())
            .receive(
                Signal.LOGS,
                Encoding.JSON,
                Requests.log("claude-code", Requests.text("session.id", session) + "," + ATTRIBUTES)
                    .body(),
                told -> {
                  events.addAll(told);
                  return new Recorder.Receipt(told.size(), 0);
                });
    return ((Body.SecretObserved) events.getLast().body()).fingerprint();
  }

  private static String in(Redactor redactor) {
    return redactor
        .text("postgres://app:correct-horse-battery@db/app", "here")
        .findings()
        .getFirst()
        .fingerprint();
  }

  @Test
  void hooksAndTelemetryOfASessionNameAPasswordAlike() throws Exception {
    assertThat(fingerprint("one")).isEqualTo(in(redactors.of("claude-code", "one")));
    assertThat(fingerprint("two")).isNotEqualTo(fingerprint("one"));
    assertThat(fingerprint("one")).isNotEqualTo(in(redactors.of("codex", "one")));
  }

  @Test
  void theKeyOfASessionEndsWithIt() throws Exception {
    String before = fingerprint("one");
    redactors.end("claude-code", "one");
    assertThat(fingerprint("one")).isNotEqualTo(before);
  }

  @Test
  void theLeastUsedSessionIsForgottenFirst() {
    SessionRedactors two = new SessionRedactors(observer.fingerprints(), 2);
    Redactor first = two.of("p", "1");
    Redactor second = two.of("p", "2");
    assertThat(two.of("p", "1")).isSameAs(first);
    assertThat(two.of("p", "3")).isNotSameAs(first);
    assertThat(two.of("p", "2")).isNotSameAs(second);
  }
}
