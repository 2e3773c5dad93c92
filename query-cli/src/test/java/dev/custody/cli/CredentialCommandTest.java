package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.attribution.IssuedCredential;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.index.Incident;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of credentials: a chain of three, and those of other providers. */
class CredentialCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "ASIAEXAMPLE0000FIRST";
  private static final String SECOND = "ASIAEXAMPLE000SECOND";
  private static final String THIRD = "ASIAEXAMPLE0000THIRD";
  private static final String TOKEN = "JTI=5f0b7a36-9e1c-4f5e-8f57-2f4a0f3d1c11";
  private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

  @TempDir Path data;

  private static Identifier key(String id) {
    return new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, id);
  }

  private static Incident.Maker call(long number, String action, String with) {
    return Incident.event(number, "CloudCall")
        .action(action)
        .outcome(Outcome.SUCCESS, null)
        .identifiers(key(with), new Identifier(IdentifierKind.SOURCE_ADDRESS, "203.0.113.7"))
        .best(Incident.candidate(null, Grade.CORROBORATED));
  }

  private static IssuedCredential issued(String id, @Nullable String parent, String role) {
    return new IssuedCredential(
        key(id), parent == null ? null : key(parent), "aws", "arn:aws:iam::" + role, FAR);
  }

  /** The broker gave the first, the second was asked for with it, and the third with that. */
  private static List<Attribution> chain() {
    return List.of(
        Incident.event(20, "CredentialIssued")
            .action("credential:issue")
            .outcome(Outcome.SUCCESS, null)
            .identifiers(key(FIRST))
            .best(Incident.candidate(null, Grade.CORROBORATED))
            .delegation(
                new DelegationUse(
                    DelegationVerdict.NOT_APPLICABLE,
                    "dlg-8f2a11",
                    "dana@example.test",
                    List.of("s3:Get* on *"),
                    FAR,
                    null,
                    ""))
            .issued(issued(FIRST, null, "111111111111:role/agents"))
            .build(),
        call(21, "sts:AssumeRole", FIRST)
            .account("111111111111")
            .issued(issued(SECOND, FIRST, "222222222222:role/deploy"))
            .build(),
        call(22, "sts:AssumeRole", SECOND)
            .account("222222222222")
            .issued(issued(THIRD, SECOND, "333333333333:role/admin"))
            .build(),
        // An S3 object's name holds no account.
        call(23, "s3:GetObject", THIRD)
            .resources("arn:aws:s3:::acme-prod-builds/x")
            .account("444444444444")
            .build());
  }

  private void index(List<Attribution> events) throws Exception {
    Incident.index(data.resolve("index"), events);
  }

  private CommandRun.Result run(String... words) {
    List<String> all = new ArrayList<>(List.of("--data", data.toString(), "credential"));
    all.addAll(List.of(words));
    CommandRun.Result result = CommandRun.run(all.toArray(String[]::new));
    assertThat(result.code()).as("%s", result).isZero();
    return result;
  }

  private JsonNode shown(String id) throws Exception {
    return JSON.readTree(run("show", id, "--json").out());
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  @Test
  void aCredentialIsShownWithWhatItDescendsFromAndWhatDescendsFromIt() throws Exception {
    index(chain());
    JsonNode first = shown(FIRST);
    assertThat(texts(first.path("ancestors"))).isEmpty();
    assertThat(texts(first.path("children"))).containsExactly(SECOND);
    assertThat(texts(first.path("granted"))).containsExactly("s3:Get* on *");
    assertThat(first.path("delegation").asText()).isEqualTo("dlg-8f2a11");
    JsonNode third = shown(THIRD);
    assertThat(texts(third.path("ancestors"))).containsExactly(FIRST, SECOND);
    assertThat(texts(third.path("children"))).isEmpty();
    assertThat(third.path("parent").asText()).isEqualTo(SECOND);
    String role = "arn:aws:iam::%s  ".strip();
    assertThat(run("show", SECOND).out())
        .contains(
            """
              lineage
                ASIAEXAMPLE0000FIRST
                   ASIAEXAMPLE000SECOND
                   \u2514\u2500 ASIAEXAMPLE0000THIRD  %s
            """
                .formatted(role.formatted("333333333333:role/admin, until 2999-01-01 00:00:00Z")));
    assertThat(run("show", FIRST).out())
        .contains(
            """
                ASIAEXAMPLE0000FIRST
                \u2514\u2500 ASIAEXAMPLE000SECOND  %s
                   \u2514\u2500 ASIAEXAMPLE0000THIRD  %s
            """
                .formatted(
                    role.formatted("222222222222:role/deploy, until 2999-01-01 00:00:00Z"),
                    role.formatted("333333333333:role/admin, until 2999-01-01 00:00:00Z")))
        .contains("granted      s3:Get* on *");
  }

  @Test
  void whereACredentialWasUsedIsToldThoughNoResourceNamesIt() throws Exception {
    index(chain());
    assertThat(texts(shown(THIRD).path("accounts")))
        .as("of the call, and of its role")
        .containsExactly("333333333333", "444444444444");
    assertThat(run("show", THIRD).out()).contains("accounts     333333333333, 444444444444");
  }

  @Test
  void descendantsThatAreNotShownAreCounted() throws Exception {
    List<Attribution> events = new ArrayList<>(chain());
    for (int i = 0; i < 120; i++) {
      events.add(
          call(100 + i, "sts:AssumeRole", FIRST)
              .issued(issued("ASIAEXAMPLE%09d".formatted(i), FIRST, "111111111111:role/many"))
              .build());
    }
    index(events);
    assertThat(run("show", FIRST).out()).contains("and 22 more, and what descends from them");
    assertThat(texts(shown(FIRST).path("children"))).hasSize(121);
  }

  @Test
  void whatWasDoneWithATokenOfAnotherProviderIsItsUse() throws Exception {
    index(
        List.of(
            Incident.event(30, "CloudCall")
                .action("k8s:create-pods")
                .resources("pods/prod/api-1")
                .outcome(Outcome.SUCCESS, null)
                .identifiers(new Identifier(IdentifierKind.KUBERNETES_CREDENTIAL, TOKEN))
                .best(Incident.candidate(null, Grade.CORROBORATED))
                .build()));
    assertThat(shown(TOKEN).path("uses").asInt()).isEqualTo(1);
    assertThat(shown(TOKEN).path("actions").path("k8s:create-pods").asInt()).isEqualTo(1);
    assertThat(run("list").out())
        .contains(TOKEN)
        .contains("1 use from")
        .doesNotContain("no use recorded");
    assertThat(run("list", "--static").out()).contains(Incident.KEY).doesNotContain(TOKEN);
  }
}
