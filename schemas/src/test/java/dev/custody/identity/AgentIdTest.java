package dev.custody.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentIdTest {
  @Test
  void productProjectAndTaskAreTheSegmentsOfThePath() {
    AgentId whole = AgentId.parse("spiffe://acme.example/agent/claude-code/api");
    assertThat(whole.product()).isEqualTo("claude-code");
    assertThat(whole.project()).isEqualTo("api");
    assertThat(whole.task()).isNull();
    AgentId task = AgentId.parse("spiffe://acme.example/agent/codex/api/nightly_1.2");
    assertThat(task.task()).isEqualTo("nightly_1.2");
    assertThat(whole.spiffeId().covers(task.spiffeId())).isFalse();
    assertThat(
            whole
                .spiffeId()
                .covers(SpiffeId.parse("spiffe://acme.example/agent/claude-code/api/x")))
        .isTrue();
  }

  @Test
  void aNameIsSpeltAsCollectorsSpellIt() {
    assertThat(AgentId.of("local", "claude-code", "Acme API", null).spiffeId())
        .isEqualTo(SpiffeId.agent("local", "claude-code", "Acme API"))
        .hasToString("spiffe://local/agent/claude-code/acme-api");
    assertThat(AgentId.of("local", "codex", "api", "Night Run"))
        .hasToString("spiffe://local/agent/codex/api/night-run");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "claude-code/api",
        "spiffe://",
        "spiffe://acme.example",
        "spiffe://acme.example/",
        "spiffe://acme.example/agent",
        "spiffe://acme.example/agent/claude-code",
        "spiffe://acme.example/agent/claude-code/",
        "spiffe://acme.example/agent//api",
        "spiffe://acme.example/agent/claude-code/api/",
        "spiffe://acme.example/agent/claude-code/api/x/y",
        "spiffe://acme.example/agent/claude-code/..",
        "spiffe://acme.example/agent/claude-code/a%20b",
        "spiffe://acme.example/collector/laptop/api",
        "spiffe://acme.example/Agent/claude-code/api",
        "spiffe://Acme.example/agent/claude-code/api",
        "spiffe://acme.example:8443/agent/claude-code/api",
        "spiffe://dana@acme.example/agent/claude-code/api",
        "spiffe://acme.example/agent/claude-code/api?x=1",
        "spiffe://acme.example/agent/claude-code/api#x",
        "SPIFFE://acme.example/agent/claude-code/api",
        "https://acme.example/agent/claude-code/api"
      })
  void whatBreaksTheStandardOrIsNoAgentIsRefused(String text) {
    assertThatThrownBy(() -> AgentId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anIdOfMoreThan2048BytesIsRefused() {
    assertThatThrownBy(
            () -> AgentId.parse("spiffe://acme.example/agent/claude-code/" + "a".repeat(2048)))
        .hasMessageContaining("2048");
  }
}
