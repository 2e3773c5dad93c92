package dev.custody.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.capture.HookReply;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.http.HookSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbedHooksTest {
  private static final String PROBE =
      "{\"hook_event_name\":\"CustodyProbe\",\"session_id\":\"custody-probe-0123abcd\"}";

  @TempDir Path directory;

  private final List<String> agents = new ArrayList<>();
  private HookSource hooks;

  @BeforeEach
  void hooks() throws Exception {
    HookSource agent =
        (body, delegation) -> {
          agents.add(new String(body, StandardCharsets.UTF_8));
          return HookReply.proceed(List.of());
        };
    Map<String, HookSource> probed =
        ProbedHooks.of(Map.of("/hooks/codex", agent), Organisation.in(directory).observer());
    hooks = Objects.requireNonNull(probed.get("/hooks/codex"));
  }

  private List<Event> receive(String body) throws Exception {
    return hooks.receive(body.getBytes(StandardCharsets.UTF_8), null).events();
  }

  @Test
  void aProbeIsTheCollectorsOwnEventAndNoAgents() throws Exception {
    Event event = receive(PROBE).getFirst();
    assertThat(event.source().kind()).isEqualTo("custody");
    assertThat(event.body()).isEqualTo(new Body.Observed("CustodyProbe"));
    assertThat(event.actor().agent()).isNull();
    assertThat(event.actor().human()).isNull();
    assertThat(event.session()).isEqualTo("custody-probe-0123abcd");
    assertThat(event.resources()).containsExactly("/hooks/codex");
    assertThat(agents).isEmpty();
    assertThat(hooks.late(PROBE.getBytes(StandardCharsets.UTF_8), "late")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"custody-probe-0123abcd\"}",
        "{\"hook_event_name\":\"CustodyProbe\",\"session_id\":\"other\"}",
        "{\"hook_event_name\":\"CustodyProbe\",\"session_id\":\"custody-probe-0123abcd\",\"tool_input\":\"rm\"}",
        "{\"hook_event_name\":\"CustodyProbe\",\"session_id\":\"custody-probe-0123ABCD!\"}",
        "{\"a\":\"CustodyProbe\"}",
      })
  void nothingElseHidesBehindAProbe(String body) throws Exception {
    assertThat(receive(body)).isEmpty();
    assertThat(agents).containsExactly(body);
  }
}
