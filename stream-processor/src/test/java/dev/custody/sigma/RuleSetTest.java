package dev.custody.sigma;

import static dev.custody.sigma.TestRules.TOOL;
import static dev.custody.sigma.TestRules.event;
import static dev.custody.sigma.TestRules.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetTest {
  private static final String ANY = "s: {a: '*'}\ncondition: s";

  @TempDir Path dir;

  @Test
  void aRuleKeepsWhatItsFileSays() {
    SigmaRule rule =
        TestRules.rules(
                """
                title: Shell history read
                id: 0d1e
                status: test
                description: An agent reads shell history.
                references: [https://example.org/a]
                author: The authors
                date: 2026-11-01
                tags: [attack.t1552.001, atlas.aml.t0098, owasp.asi02]
                logsource: {category: agent, product: custody, service: Tool, definition: any}
                detection: {selection: {path|endswith: .bash_history}, condition: selection}
                fields: [path]
                falsepositives: [A developer asked for it]
                level: high
                remediation: Ask the developer.
                custom: {any: thing}
                """)
            .rules()
            .getFirst();

    assertThat(rule)
        .isEqualTo(
            new SigmaRule(
                "0d1e",
                null,
                "Shell history read",
                SigmaRule.Status.TEST,
                "An agent reads shell history.",
                SigmaRule.Level.HIGH,
                new Logsource("agent", "custody", "tool"),
                java.util.List.of("attack.t1552.001", "atlas.aml.t0098", "owasp.asi02"),
                java.util.List.of("A developer asked for it"),
                java.util.List.of("https://example.org/a"),
                java.util.List.of("path"),
                "The authors",
                LocalDate.of(2026, 11, 1),
                "Ask the developer.",
                rule.detection()));
  }

  @Test
  void aDirectoryIsReadBelowAndInOrderAndOtherFilesAreLeftAlone() throws IOException {
    write("b/two.yaml", text("2", ANY) + "---\n" + text("3", ANY));
    write("a.yml", text("1", ANY));
    write("README.md", "not a rule");

    assertThat(LoadedRules.load(dir).set().rules())
        .extracting(SigmaRule::id)
        .containsExactly("1", "2", "3");
  }

  @Test
  void theDigestCoversNamesAndBytesOfAllFilesWithTheirLengths() throws Exception {
    write("b/two.yml", text("2", ANY));
    write("a.yml", text("1", ANY));
    MessageDigest expected = MessageDigest.getInstance("SHA-256");
    for (String[] file :
        new String[][] {{"a.yml", text("1", ANY)}, {"b/two.yml", text("2", ANY)}}) {
      for (String part : file) {
        byte[] bytes = part.getBytes(UTF_8);
        expected.update(HexFormat.of().parseHex("%016x".formatted(bytes.length)));
        expected.update(bytes);
      }
    }

    String digest = LoadedRules.load(dir).set().digest();

    assertThat(digest).isEqualTo(HexFormat.of().formatHex(expected.digest()));
    Files.move(dir.resolve("a.yml"), dir.resolve("aa.yml"));
    assertThat(LoadedRules.load(dir).set().digest()).isNotEqualTo(digest);
  }

  @Test
  void anIdGivenTwiceIsRefusedWhereItIsGivenAgainAndTheOthersGoOn() throws IOException {
    write("a.yml", text("1", ANY));
    write("b.yml", text("1", ANY) + "---\n" + text("2", ANY));

    LoadedRules loaded = LoadedRules.load(dir);

    assertThat(loaded.set().rules()).extracting(SigmaRule::id).containsExactly("1", "2");
    assertThat(loaded.refused())
        .extracting(LoadedRules.Problem::toString)
        .containsExactly(
            "%s/b.yml:1: rule 'A test rule': rule id 1 is already used in %s/a.yml; choose another"
                .formatted(dir, dir));
  }

  @Test
  void aDirectoryWithoutRulesIsAnError() {
    assertThatThrownBy(() -> LoadedRules.load(dir))
        .hasMessage(dir + ": no *.yml or *.yaml file in this directory");
  }

  @Test
  void aRuleAppliesWhereAllThatItSaysOfTheLogsourceIsTrue() {
    Logsource cloud = new Logsource(null, "aws", "cloudtrail");
    assertThat(new Logsource(null, "AWS", null).covers(cloud)).isTrue();
    assertThat(new Logsource(null, "aws", "cloudtrail").covers(cloud)).isTrue();
    assertThat(new Logsource(null, "aws", "s3").covers(cloud)).isFalse();
    assertThat(new Logsource("webserver", "aws", null).covers(cloud)).isFalse();
  }

  @Test
  void matchesComeInTheOrderOfTheRules() throws IOException {
    write("a.yml", text("z", "s: {a: 1}\ncondition: s"));
    write("b.yml", text("y", "s: {a|contains: 1}\ncondition: s"));
    write("c.yml", text("x", "s: {a: 2}\ncondition: s"));
    write("d.yml", text("w", "s: {a: 1, b: null}\ncondition: s"));
    RuleSet rules = LoadedRules.load(dir).set();

    assertThat(rules.match(List.of(TOOL), event("{\"a\":1}")))
        .extracting(SigmaRule::id)
        .containsExactly("z", "y", "w");
    assertThat(rules.match(List.of(new Logsource(null, "aws", null)), event("{\"a\":1}")))
        .isEmpty();
  }

  @Test
  void anEmptySetMatchesNothing() {
    assertThat(RuleSet.of(Map.of()).match(List.of(TOOL), event("{\"a\":1}"))).isEmpty();
  }

  private void write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
