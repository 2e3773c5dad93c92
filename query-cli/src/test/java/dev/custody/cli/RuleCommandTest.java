package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCommandTest {
  private static final String PUBLIC_REPOSITORY =
      """
      title: A repository was made public
      id: 5f8e1d0a-0001
      level: high
      tags: [attack.t1537]
      logsource:
        product: github
        service: audit
      detection:
        selection:
          action: repo.access
          visibility: public
        condition: selection
      """;

  private static final String DOCKER =
      """
      {"session_id":"s-1","prompt_id":"p-1","hook_event_name":"PostToolUse","tool_name":"Bash","tool_use_id":"t-1",\
      "tool_input":{"command":"docker compose config"},"tool_response":{"stdout":"DB_PASSWORD: hunter22-x"}}
      """;

  @TempDir private Path directory;

  private Path file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  private static CommandRun.Result run(Object... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "rule";
    for (int i = 0; i < arguments.length; i++) {
      words[i + 1] = arguments[i].toString();
    }
    return CommandRun.run(words);
  }

  @Test
  void theShippedRulesAreListedWithTheDigestThatFindingsName() throws Exception {
    CommandRun.Result list = run("list");
    assertThat(list.code()).isZero();
    assertThat(list.out())
        .containsPattern("(?m)^high +custody/delegation_use +6a1f0b52-.*3e01  Agent acted outside")
        .containsPattern("(?m)^\\d+ rules, digest [0-9a-f]{64}$");
    String[] lines = run("list", "--json").out().split("\n");
    JsonNode first = new ObjectMapper().readTree(lines[0]);
    assertThat(list.out())
        .contains(lines.length + " rules, digest " + first.path("rule_set").textValue());
  }

  @Test
  void everythingThatIsWrongIsNamedWithFileAndLine() throws Exception {
    Path good = file("good.yml", PUBLIC_REPOSITORY);
    assertThat(run("lint", good))
        .isEqualTo(new CommandRun.Result(0, "1 rules, none of them wrong\n", ""));
    file("a.yml", PUBLIC_REPOSITORY.replace("condition: selection", "condition: selektion"));
    file("b.yml", "title: [");
    CommandRun.Result wrong = run("lint", directory);
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.out())
        .contains(directory + "/a.yml:12: ")
        .contains("selektion")
        .contains(directory + "/b.yml:1: not YAML")
        .endsWith("2 wrong\n");
    CommandRun.Result listed = run("list", directory);
    assertThat(listed.code()).isEqualTo(2);
    assertThat(listed.err()).contains("custody: refused: ", "a.yml:12: rule 'A repository was");
    assertThat(listed.out()).contains("5f8e1d0a-0001").contains("1 rules, digest ");
    assertThat(run("lint", directory.resolve("none")).code()).isEqualTo(2);
  }

  @Test
  void aRuleForALogSourceThatNoEventHasLoadsAndIsNamed() throws Exception {
    Path rule = file("windows.yml", PUBLIC_REPOSITORY.replace("github", "windows"));
    CommandRun.Result lint = run("lint", rule);
    assertThat(lint.code()).isZero();
    assertThat(lint.out())
        .isEqualTo(
            """
            rule 5f8e1d0a-0001: no source: windows/audit; no event has it, so the rule never fires
            1 rules, none of them wrong
            """);
    assertThat(run("list", rule).out())
        .startsWith("high           no source: windows/audit        5f8e1d0a-0001  ");
    assertThat(run("list", rule, "--json").out())
        .contains("\"logsource\":\"windows/audit\",\"has_source\":false");
  }

  @Test
  void placeholdersTakeTheirValuesFromAFileAndChangeTheDigest() throws Exception {
    Path rule =
        file(
            "rule.yml",
            PUBLIC_REPOSITORY.replace("visibility: public", "actor|expand: '%Administrators%'"));
    CommandRun.Result without = run("list", rule);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err())
        .contains("rule.yml:11: ", "placeholder %Administrators% has no values");
    Path values = file("values.yaml.txt", "Administrators: ['da*', erin]\n");
    Path records =
        file(
            "audit.ndjson",
            "{\"@timestamp\":1795960898746,\"_document_id\":\"d\",\"action\":\"repo.access\",\"actor\":\"dana\"}\n");
    CommandRun.Result hit =
        run("test", "--rules", rule, "--placeholders", values, "--source", "github", records);
    assertThat(hit.code()).as(hit.err()).isZero();
    String one = run("list", rule, "--placeholders", values).out();
    file("values.yaml.txt", "Administrators: erin\n");
    assertThat(run("list", rule, "--placeholders", values).out()).isNotEqualTo(one);
    assertThat(run("lint", rule, "--placeholders", file("bad.txt", "[]")).err())
        .contains("--placeholders: ")
        .contains("expected a map, found a list");
  }

  @Test
  void recordsOfGoogleCloudMeetRulesByTheNamesThatRulesHaveForThem() throws Exception {
    Path rule =
        file(
            "gcp.yml",
            """
            title: A bucket was deleted
            id: g-1
            level: medium
            logsource:
              product: gcp
              service: gcp.audit
            detection:
              selection:
                gcp.audit.method_name: storage.buckets.delete
                data.protoPayload.authorizationInfo.granted: 'true'
              condition: selection
            """);
    String entry =
        "{\"insertId\":\"%1$s\",\"timestamp\":\"2026-11-22T07:00:00Z\",\"logName\":\"projects/p/logs/cloudaudit.googleapis.com%%2Factivity\","
            + "\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\",\"methodName\":\"storage.buckets.%1$s\","
            + "\"authorizationInfo\":[{\"granted\":true}]}}\n";
    Path records = file("gcp.json", entry.formatted("get") + entry.formatted("delete"));
    CommandRun.Result hit = run("test", "--rules", rule, "--source", "gcp", records);
    assertThat(hit.err()).isEmpty();
    assertThat(hit.out()).isEqualTo(records + ":2: medium  g-1  A bucket was deleted\n");
  }

  @Test
  void recordsAreReadAsACollectorReadsThemAndEachHitIsNamed() throws Exception {
    Path rules = file("rule.yml", PUBLIC_REPOSITORY);
    String record =
        "{\"@timestamp\":1795960898746,\"_document_id\":\"d-%d\",\"action\":\"repo.access\",\"actor\":\"dana\",\"repo\":\"acme/api\",\"visibility\":\"%s\"}\n";
    Path records =
        file("audit.ndjson", record.formatted(1, "private") + record.formatted(2, "public"));
    CommandRun.Result hit = run("test", "--rules", rules, "--source", "github", records);
    assertThat(hit.err()).isEmpty();
    assertThat(hit.out())
        .isEqualTo(records + ":2: high  5f8e1d0a-0001  A repository was made public\n");
    assertThat(hit.code()).isZero();

    Path near = file("near.ndjson", record.formatted(1, "private"));
    CommandRun.Result miss = run("test", "--rules", rules, "--source", "github", near);
    assertThat(miss.code()).isEqualTo(1);
    assertThat(miss.out()).contains("nothing found; no rule fires on these records");
  }

  @Test
  void aCorrelationIsNamedWithTheRecordsThatItRestsOnAndItsRulesAreNot() throws Exception {
    Path rules =
        file(
            "rule.yml",
            PUBLIC_REPOSITORY.replace("level: high\n", "")
                + """
                ---
                title: Several repositories were made public
                id: 5f8e1d0a-0002
                level: critical
                correlation:
                  type: value_count
                  rules: 5f8e1d0a-0001
                  group-by: actor
                  timespan: 10m
                  condition: {field: repo, gte: 2}
                """);
    String record =
        "{\"@timestamp\":%d,\"_document_id\":\"d-%d\",\"action\":\"repo.access\",\"actor\":\"%s\",\"repo\":\"acme/%d\",\"visibility\":\"public\"}\n";
    long time = 1795960898746L;
    Path records =
        file(
            "audit.ndjson",
            record.formatted(time, 1, "dana", 1)
                + record.formatted(time + 60_000, 2, "lee", 2)
                + record.formatted(time + 120_000, 3, "dana", 1)
                + record.formatted(time + 180_000, 4, "dana", 3));
    CommandRun.Result hit = run("test", "--rules", rules, "--source", "github", records);
    assertThat(hit.out())
        .isEqualTo(
            "%s:4: critical  5f8e1d0a-0002  Several repositories were made public  rests on %s:1, %s:4\n"
                .formatted(records, records, records));
    assertThat(hit.code()).as(hit.err()).isZero();
  }

  @Test
  void aHookIsRedactedBeforeRulesSeeIt() throws Exception {
    Path hooks = file("hooks.ndjson", DOCKER + DOCKER.replace("config", "ps"));
    CommandRun.Result hit = run("test", "--source", "claude-code", "--json", hooks);
    assertThat(hit.code()).as(hit.err()).isZero();
    assertThat(hit.out()).hasLineCount(1).doesNotContain("hunter22");
    JsonNode line = new ObjectMapper().readTree(hit.out());
    assertThat(line.path("rule").textValue()).isEqualTo("6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e02");
    assertThat(line.path("line").intValue()).isEqualTo(1);
  }

  @Test
  void whatCannotBeReadIsNamedAndTheRestIsTried() throws Exception {
    Path hooks = file("hooks.ndjson", "{\"session_id\":7}\n" + DOCKER);
    CommandRun.Result run = run("test", "--source", "claude-code", hooks);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("custody: " + hooks + ":1:1: ");
    assertThat(run.out()).contains(hooks + ":2: high");
    CommandRun.Result unknown = run("test", "--source", "windows", hooks);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--source: expected one of claude-code, cloudtrail, codex,", "found windows");
  }
}
