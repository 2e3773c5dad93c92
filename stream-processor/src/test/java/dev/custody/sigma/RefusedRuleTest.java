package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a rule is refused; each file begins with the message it must cause. */
class RefusedRuleTest {

  static List<Path> files() throws IOException, URISyntaxException {
    URL directory = Objects.requireNonNull(RefusedRuleTest.class.getResource("/sigma/refused"));
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void aRuleIsRefusedWithTheMessageInItsFirstLine(Path file) throws IOException {
    String expected = Files.readAllLines(file).getFirst().substring(2);
    String name = file.getFileName().toString();

    RuleError error = refused(name, Files.readAllBytes(file));

    assertThat(error).hasMessage(expected);
  }

  @Test
  void aLaterDocumentIsRefusedAtItsOwnLine() {
    String two =
        TestRules.text("r1", "s: {a: 1}\ncondition: s") + "---\nname: n\ncorrelation: {}\n";
    assertThat(refused("two.yml", two.getBytes(UTF_8)))
        .hasMessage("two.yml:11: the correlation has no type; it is mandatory");
  }

  @Test
  void theFirstErrorOfEveryRuleIsReported() {
    RuleError error =
        catchThrowableOfType(
            RuleError.class,
            () ->
                RuleSet.of(
                    Map.of("b.yml", "x: [".getBytes(UTF_8), "a.yml", "x: 1".getBytes(UTF_8))));
    assertThat(error).hasMessage("a.yml:1: the rule has no id; a finding cites it");
    assertThat(error.getSuppressed()).hasSize(1);
    assertThat(error.getSuppressed()[0]).hasMessageStartingWith("b.yml:1: not YAML");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() {
    assertThat(refused("x.yml", new byte[] {'a', (byte) 0xff}))
        .hasMessage("x.yml: the file is not UTF-8");
  }

  @Test
  void aFileThatIsTooLongIsRefused() {
    assertThat(refused("x.yml", new byte[YamlNode.MAX_BYTES + 1]))
        .hasMessage("x.yml: the file is longer than 1048576 bytes");
  }

  @Test
  void aMillionBracketsDoNotExhaustTheStack() {
    assertThat(refused("x.yml", "[".repeat(1_000_000).getBytes(UTF_8)))
        .hasMessage("x.yml:1: nested deeper than 32");
  }

  @Test
  void aThousandNegationsDoNotExhaustTheStack() {
    String rule = TestRules.text("r1", "s: {a: 1}\ncondition: " + "not (".repeat(1000) + "s");
    assertThat(refused("x.yml", rule.getBytes(UTF_8)))
        .hasMessage("x.yml:8: the condition is nested deeper than 64");
  }

  @Test
  void aliasesAreCounted() {
    String rule = "a: &a 1\nb: [" + "*a, ".repeat(33) + "]\n";
    assertThat(refused("x.yml", rule.getBytes(UTF_8))).hasMessage("x.yml:2: more than 32 aliases");
  }

  @Test
  void aliasesOfAliasesAreNotExpandedWithoutBound() {
    StringBuilder rule = new StringBuilder("_0: &l0 {a: [" + "x, ".repeat(40_000) + "x]}\n");
    rule.append("s: [").append("*l0, ".repeat(3)).append("*l0]\ncondition: s");
    String text = TestRules.text("r1", rule.toString());
    assertThat(refused("x.yml", text.getBytes(UTF_8)))
        .hasMessageEndingWith("the file has more than 100000 values, aliases expanded");
  }

  @Test
  void whatAFindingSaysIsBounded() {
    String head = "title: x\nid: y\nlevel: low\nlogsource: {product: custody}\n";
    String tail = "\ndetection: {a: {b: 1}, condition: a}\n";
    String many = head + "falsepositives: [" + "a, ".repeat(65) + "a]" + tail;
    assertThat(refused("x.yml", many.getBytes(UTF_8)))
        .hasMessage("x.yml:5: the falsepositives must be 64 at most");
    String wide = head + "references: ['" + "a".repeat(5_000) + "']" + tail;
    assertThat(refused("x.yml", wide.getBytes(UTF_8)))
        .hasMessage("x.yml:5: each of the references must have 4096 characters at most");
  }

  @Test
  void theNameOfAFieldIsBounded() {
    String rule =
        "title: x\nid: y\nlevel: low\nlogsource: {product: custody}\ndetection:\n  a:\n    ? '"
            + "a.".repeat(600)
            + "'\n    : 1\n  condition: a\n";
    assertThat(refused("x.yml", rule.getBytes(UTF_8)))
        .hasMessage("x.yml:7: the name of a field must have 1024 characters at most");
  }

  @Test
  void manyStarsInAConditionAreMatchedQuickly() {
    String name = "a".repeat(60);
    String rule =
        "title: x\nid: y\nlevel: low\nlogsource: {product: custody}\ndetection:\n  "
            + name
            + ": {b: 1}\n  condition: 1 of "
            + "*a".repeat(30)
            + "*b\n";
    assertThat(refused("x.yml", rule.getBytes(UTF_8))).hasMessageContaining("is one of");
  }

  @Test
  void aRepetitionOfRepetitionsIsRefusedQuickly() {
    for (String bomb :
        new String[] {
          "((a{1000}){1000}){1000}",
          "((((a{100}){100}){100}){100})",
          "(a{50,}[)]{9}){99}(?:x{999}){30}"
        }) {
      String text = TestRules.text("r1", "s:\n  t|re: '" + bomb + "'\ncondition: s");
      assertThat(refused("x.yml", text.getBytes(UTF_8)))
          .hasMessageEndingWith("is too large when its repetitions are written out");
    }
  }

  private static RuleError refused(String name, byte[] content) {
    RuleError error =
        catchThrowableOfType(RuleError.class, () -> RuleSet.of(Map.of(name, content)));
    assertThat(error).as("the error").isNotNull();
    return error;
  }
}
