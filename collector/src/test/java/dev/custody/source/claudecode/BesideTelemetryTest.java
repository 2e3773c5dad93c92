package dev.custody.source.claudecode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.HumanBasis;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.TestObserver;
import dev.custody.source.SessionPlaces;
import dev.custody.source.git.Workplaces;
import dev.custody.source.otlp.Encoding;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The hooks and the telemetry of one recorded session, side by side. */
final class BesideTelemetryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Observer observer = new TestObserver().of("dana");
  private final SessionRedactors redactors = new SessionRedactors(observer.fingerprints());
  private final SessionPlaces places = new SessionPlaces();
  private final List<Event> hooked = new ArrayList<>();
  private final List<Event> told = new ArrayList<>();

  private void replay() throws Exception {
    ClaudeCodeHooks hooks =
        new ClaudeCodeHooks(observer, new Workplaces(observer.clock()), 8, null, redactors);
    for (byte[] body : Recorded.bodies("incident")) {
      if (!new String(body, UTF_8).contains("\"SessionEnd\"")) {
        hooked.addAll(hooks.events(body));
      }
    }
    places.recorded(hooked);
    OtlpReceiver receiver = new OtlpReceiver(observer, redactors, places);
    for (String line : telemetry().lines().toList()) {
      JsonNode request = JSON.readTree(line);
      for (Signal signal : Signal.values()) {
        if (signal.path().equals(request.path("path").asText())) {
          OtlpReceiver.Taken _ =
              receiver.receive(
                  signal,
                  Encoding.JSON,
                  JSON.writeValueAsBytes(request.path("body")),
                  events -> {
                    told.addAll(events);
                    return new Recorder.Receipt(events.size(), 0);
                  });
        }
      }
    }
  }

  private static String telemetry() throws Exception {
    String name = "/otlp/claude-code-incident.jsonl.gz";
    try (InputStream in = BesideTelemetryTest.class.getResourceAsStream(name);
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(in, name))) {
      return new String(plain.readAllBytes(), UTF_8);
    }
  }

  private static Set<String> secrets(List<Event> events) {
    return events.stream()
        .filter(e -> e.body() instanceof Body.SecretObserved)
        .map(e -> (Body.SecretObserved) e.body())
        .map(secret -> secret.kind() + ':' + secret.fingerprint())
        .collect(Collectors.toSet());
  }

  @Test
  void bothNameTheSecretsThatTheSessionSawAlike() throws Exception {
    replay();
    assertThat(secrets(told)).isNotEmpty().isSubsetOf(secrets(hooked));
    assertThat(secrets(told)).anyMatch(secret -> secret.startsWith("url-password:"));
  }

  @Test
  void bothTellOfOneAgentInOneProjectAndOfOneHuman() throws Exception {
    replay();
    assertThat(told).isNotEmpty();
    assertThat(spiffeIds(told)).isEqualTo(spiffeIds(hooked)).hasSize(1);
    assertThat(told).allMatch(e -> Objects.equals(hooked.getFirst().project(), e.project()));
    assertThat(told)
        .allMatch(e ->
            Objects.requireNonNull(e.actor().human()).basis() == HumanBasis.OS_USER
                && e.actor().human().equals(hooked.getFirst().actor().human()));
  }

  private static Set<String> spiffeIds(List<Event> events) {
    return events.stream()
        .map(e -> Objects.requireNonNull(e.actor().agent()).spiffeId())
        .collect(Collectors.toSet());
  }
}
