package dev.custody.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.capture.BadInputException;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerConfigTest {
  private static BrokerConfig parse(String json) throws BadInputException {
    return BrokerConfig.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static KnownSession session(String project) {
    return new KnownSession(
        "s",
        new Actor(
            null,
            new Agent("claude-code", null, "spiffe://x/agent/claude-code/" + project, "s", null)),
        null,
        null);
  }

  @Test
  void theFirstRoleThatFitsTheProjectIsTaken() throws Exception {
    BrokerConfig config =
        parse(
            """
            {'region': 'eu-north-1', 'maxMinutes': 30,
             'roles': [{'project': 'acme-*', 'roleArn': 'arn:aws:iam::123456789012:role/acme'}],
             'roleArn': 'arn:aws:iam::123456789012:role/any'}\
            """);
    assertThat(config.most()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.role(session("acme-api"), null)).endsWith("/acme");
    assertThat(config.role(session("other"), null)).endsWith("/any");
    assertThat(config.role(session("acme-api"), "arn:aws:iam::123456789012:role/any"))
        .endsWith("/any");
    assertThatThrownBy(() -> config.role(session("other"), "arn:aws:iam::123456789012:role/acme"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("broker.json does not give the project 'other' the role that was asked for");
  }

  @Test
  void whatItDoesNotKnowIsRefusedWithWhatItExpected() {
    assertThatThrownBy(() -> parse("{'region': 'eu-north-1', 'roleArm': 'x'}"))
        .hasMessageContaining("expected one of maxMinutes, region, roleArn, roles, stsEndpoint");
    assertThatThrownBy(() -> parse("{'region': 'eu-north-1'}"))
        .hasMessage("expected roleArn or roles, found neither");
    assertThatThrownBy(() -> parse("{'region': 'here', 'roleArn': 'x'}"))
        .hasMessage("region: expected one such as eu-north-1, found here");
    assertThatThrownBy(() -> parse("{'region': 'eu-north-1', 'roleArn': 'agents'}"))
        .hasMessageContaining("expected one such as arn:aws:iam::123456789012:role/agents");
    String role = "'region': 'eu-north-1', 'roleArn': 'arn:aws:iam::123456789012:role/r', ";
    assertThatThrownBy(() -> parse("{" + role + "'maxMinutes': 5}"))
        .hasMessage("maxMinutes: expected a whole number from 15 to 720, found 5");
    assertThatThrownBy(() -> parse("{" + role + "'stsEndpoint': 'http://sts.example'}"))
        .hasMessageContaining("expected https, or http on this machine");
  }

  @Test
  void noFileIsNoBrokerAndADamagedOneIsNamed(@TempDir Path directory) throws Exception {
    assertThat(BrokerConfig.read(directory)).isEmpty();
    Files.writeString(directory.resolve(BrokerConfig.FILE), "{");
    assertThatThrownBy(() -> BrokerConfig.read(directory))
        .hasMessageContaining("broker.json: body: expected")
        .hasMessageEndingWith("try: docs/credentials.md");
  }
}
