package dev.custody.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.identity.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionPolicyTest {
  private static String policy(List<String> actions, List<String> resources) throws Exception {
    return SessionPolicy.of("dlg-1", new Scope(List.of(new Scope.Grant(actions, resources))));
  }

  @Test
  void whatConcernsTheAgentsOwnMachineIsLeftOut() throws Exception {
    assertThat(
            policy(
                List.of("s3:Get?bject", "tool:*", "git:commit"),
                List.of("arn:aws:s3:::a*/b?", "/srv/*")))
        .isEqualTo(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get?bject"],"Resource":["arn:aws:s3:::a*/b?"]}]}\
            """);
  }

  @Test
  void aDollarIsNoVariableOfIam() throws Exception {
    assertThat(policy(List.of("*"), List.of("arn:aws:s3:::a/${aws:username}/$x")))
        .contains("arn:aws:s3:::a/${$}{aws:username}/$x");
  }

  @Test
  void aPatternThatIamCannotExpressIsRefusedAndNeverWidened() {
    for (String action : List.of("s3*", "*:Get", "s?:Get*", "s3:", "s3:Get Object", "s3:Get,x")) {
      assertThatThrownBy(() -> policy(List.of(action), List.of("*")))
          .as(action)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("an action that IAM cannot express, '" + action + "'");
    }
    for (String resource : List.of("*acme*", "a?n:aws:*", "?")) {
      assertThatThrownBy(() -> policy(List.of("s3:*"), List.of(resource)))
          .as(resource)
          .hasMessageContaining("a resource that IAM cannot express, '" + resource + "'");
    }
  }

  @Test
  void idsKeepTheirMeaningInTheFormThatAwsTakes() {
    String uuid = "de69fa27-1111-4222-8333-123456789abc";
    assertThat(RoleSessionName.of(uuid)).isEqualTo(uuid);
    assertThat(RoleSessionName.of("a b")).matches("[\\w+=,.@-]{2,64}").startsWith("a-b-");
    assertThat(RoleSessionName.of("a b")).isNotEqualTo(RoleSessionName.of("a/b"));
    assertThat(RoleSessionName.of("a b")).isEqualTo(RoleSessionName.of("a b"));
    assertThat(RoleSessionName.of("x".repeat(200))).hasSize(64);
    assertThat(RoleSessionName.of("x")).matches("[\\w+=,.@-]{2,64}");
    assertThat(RoleSessionName.tag("é".repeat(300))).hasSize(256);
  }
}
