package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.detect.ShippedRules;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.local.AgentDesk;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents are seen, registered, retired, and seen again, from hook and command line to answer. */
class AgentsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String DANA = "dana@example.test";

  @Test
  void anAgentIsSeenThenRegisteredThenRetiredThenSeenAgain(@TempDir Path directory)
      throws Exception {
    Path data = directory.resolve("data");
    Asking custody = new Asking(data);
    try (AllInOne all =
            AllInOne.start(
                AllInOne.Config.onAnyPort(data, 2, "local", ShippedRules.load()),
                CustodyProcess.wrappingKey(directory));
        CollectorClient collector = new CollectorClient(all.http())) {
      AgentSession first =
          new AgentSession(List.of(collector), directory.resolve("Acme Api"), "session-one");
      first.starts();
      first.ran("call-1", "ls", "README");
      assertThat(all.awaitIndexed(LONG)).isTrue();
      JsonNode seen = custody.one("agent", "list", "--unregistered");
      assertThat(seen.path("spiffeId").asText())
          .isEqualTo("spiffe://local/agent/claude-code/acme-api");
      assertThat(seen.path("sessions").asInt()).isEqualTo(1);
      assertThat(custody.json("agent", "list")).isEmpty();

      state(directory, AgentStatement.Kind.REGISTER, collector);
      assertThat(all.awaitIndexed(LONG)).isTrue();
      assertThat(custody.json("agent", "list", "--unregistered")).isEmpty();
      JsonNode registered = custody.one("agent", "list");
      assertThat(registered.path("status").asText()).isEqualTo("REGISTERED");
      assertThat(registered.path("registeredBy").asText()).isEqualTo(DANA);
      JsonNode event = custody.one("search", "--kind", "AgentRegistered");
      assertThat(event.path("grade").asText()).isEqualTo("PROVEN");
      assertThat(event.path("human").asText()).isEqualTo(DANA);
      assertThat(custody.text("who", "agent:register"))
          .contains(
              "  acting for   " + DANA + "  PROVEN (signed it with their own key)",
              "  vouched by   spiffe://local/collector/");

      state(directory, AgentStatement.Kind.RETIRE, collector);
      assertThat(all.awaitIndexed(LONG)).isTrue();
      assertThat(custody.one("agent", "list").path("status").asText()).isEqualTo("RETIRED");
      AgentSession second =
          new AgentSession(List.of(collector), directory.resolve("Acme Api"), "session-two");
      second.starts();
      second.ran("call-2", "ls", "README");
      assertThat(all.awaitIndexed(LONG)).isTrue();
      JsonNode again = custody.one("agent", "list", "--unregistered");
      assertThat(again.path("status").asText()).isEqualTo("SEEN_AFTER_RETIREMENT");
      assertThat(again.path("sessions").asInt()).isEqualTo(2);
      assertThat(custody.text("agent", "show", "claude-code/acme-api"))
          .contains("  session      session-two", "  session      session-one")
          .contains("an instance is one session; the collector spiffe://local/collector/");
    }
  }

  private static void state(Path directory, AgentStatement.Kind kind, CollectorClient collector)
      throws Exception {
    AgentStatement _ =
        AgentDesk.state(
            Installation.open(directory.resolve("data"), CustodyProcess.wrappingKey(directory)),
            kind,
            AgentId.of("local", "claude-code", "Acme Api", null),
            DANA,
            collector);
  }

  @Test
  void anAgentCannotVouchForItself(@TempDir Path directory) throws Exception {
    for (String command : List.of("register", "retire")) {
      try (CustodyProcess run =
          CustodyProcess.startIn(
              directory,
              command,
              Map.of("CLAUDECODE", "1"),
              "agent",
              command,
              "--agent",
              "claude-code",
              "--project",
              "api",
              "--human",
              DANA,
              "--data",
              directory.resolve("data").toString())) {
        assertThat(run.exitCode(LONG)).isEqualTo(2);
        assertThat(run.err())
            .contains("refused: this command runs inside a coding agent (CLAUDECODE is set)");
        assertThat(directory.resolve("data")).doesNotExist();
      }
    }
  }
}
