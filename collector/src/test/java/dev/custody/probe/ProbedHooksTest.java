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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbedHooksTest {
  private static final String PROBE =
      "{\"hook_event_name\":\"CustodyProbe\",\"session_id\":\"custody-probe-0123abcd\"}";

  private static final String LOADED =
      """
      {"hook":"plugin.init","at":"2026-12-01T05:44:55.123Z","directory":"custody-probe-directory",\
      "input":{"directory":"custody-probe-directory","project":{"id":"CustodyProbe"}}}\
      """;

  private static final String TOLD =
      """
      {"hook":"event:CustodyProbe","at":"2026-12-01T05:44:55.123Z","directory":"custody-probe-directory",\
      "input":{"type":"CustodyProbe","properties":{"sessionID":"custody-probe-0123abcd"}}}\
      """;

  @TempDir Path directory;

  private final List<String> agents = new ArrayList<>();
  private HookSource hooks;
  private HookSource opencode;

  @BeforeEach
  void hooks() throws Exception {
    HookSource agent =
        (body, delegation) -> {
          agents.add(new String(body, StandardCharsets.UTF_8));
          return HookReply.proceed(List.of());
        };
    Map<String, HookSource> probed =
        ProbedHooks.of(
            Map.of("/hooks/codex", agent, "/hooks/opencode", agent),
            Organisation.in(directory).observer());
    hooks = Objects.requireNonNull(probed.get("/hooks/codex"));
    opencode = Objects.requireNonNull(probed.get("/hooks/opencode"));
  }

  private List<Event> call(String body) throws Exception {
    return opencode.receive(body.getBytes(StandardCharsets.UTF_8), null).events();
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

  @Test
  void bothCallbacksOfAPluginThatIsTriedAreTheCollectorsOwnEvents() throws Exception {
    String after = TOLD.replace("\"input\"", "\"missed\":1,\"input\"");
    for (String body : List.of(LOADED, TOLD, after, PROBE)) {
      Event event = call(body).getFirst();
      assertThat(event.source().kind()).as(body).isEqualTo("custody");
      assertThat(event.body()).isEqualTo(new Body.Observed("CustodyProbe"));
      assertThat(event.actor().agent()).isNull();
      assertThat(event.resources()).containsExactly("/hooks/opencode");
    }
    assertThat(call(LOADED).getFirst().session()).isEqualTo("custody-probe-directory");
    assertThat(call(TOLD).getFirst().session())
        .as("by which the second alone is found")
        .isEqualTo("custody-probe-0123abcd");
    assertThat(agents).isEmpty();
    assertThat(opencode.late(TOLD.getBytes(StandardCharsets.UTF_8), "late")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "event:CustodyProbe > tool.execute.before",
        "custody-probe-directory > /home/dana/shop",
        "2026-12-01T05:44:55.123Z > rm -rf /",
        "\"type\" > \"rm\":1,\"type\"",
        "\"sessionID\" > \"info\":{},\"sessionID\"",
        "custody-probe-0123abcd > ses_1",
        "custody-probe-0123abcd > custody-probe-0123ABCD",
        "\"input\" > \"missed\":2,\"input\"",
        "\"input\" > \"missed\":\"1\",\"input\"",
        "\"input\" > \"parentID\":\"ses_1\",\"input\"",
        "\"input\" > \"output\":{},\"input\"",
      })
  void nothingElseThatAPluginSendsHidesBehindAProbe(String from, String to) throws Exception {
    String body = TOLD.replace(from, to);
    assertThat(body).isNotEqualTo(TOLD);
    assertThat(call(body)).isEmpty();
    assertThat(agents).containsExactly(body);
  }

  @Test
  void aPluginsProbeIsOneOnThePathOfItsAgentOnly() throws Exception {
    assertThat(receive(TOLD)).isEmpty();
    assertThat(agents).containsExactly(TOLD);
  }
}
