package dev.custody.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The folders of the shipped rules are whole, and the index names each of them. */
class RuleFoldersTest {
  private static final Path ROOT = Path.of("src/main/resources/dev/custody/rules");

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> folders() throws IOException {
    return names(ROOT).stream().filter(name -> Files.isDirectory(ROOT.resolve(name))).toList();
  }

  @Test
  void theIndexNamesEveryFolderInOrder() throws IOException {
    assertThat(ShippedRules.folders()).isEqualTo(folders());
  }

  @Test
  void everyRuleLiesBesideSequencesThatFireItThatComeNearAndThatSayItInOtherWords()
      throws IOException {
    for (String folder : folders()) {
      List<String> files = names(ROOT.resolve(folder));
      assertThat(files)
          .as(folder)
          .contains("rule.yml")
          .anyMatch(name -> name.matches("fires.*\\.jsonl"))
          .anyMatch(name -> name.matches("near.*\\.jsonl"))
          .anyMatch(name -> name.matches("paraphrase.*\\.jsonl"))
          .allMatch(name -> name.matches("rule\\.yml|(fires|near|paraphrase)[a-z0-9-]*\\.jsonl"));
    }
  }

  /** {@code -Dcustody.golden.write=true} writes it anew. */
  @Test
  void theTableOfTheDocumentationIsThatOfTheFiles() throws IOException {
    StringBuilder table =
        new StringBuilder(
            """
            # Shipped rules

            Made from the files in `stream-processor/src/main/resources/dev/custody/rules`; a test holds it against them. Ids begin with `6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e`.
            Each folder holds `rule.yml`, and sequences of records as sources send them: `fires*.jsonl` and `paraphrase*.jsonl` (the same act in other words, by another tool) must fire a rule of the folder, `near*.jsonl` must not.

            | rule | id ends in | level | folder | tags |
            |---|---|---|---|---|
            """);
    for (String folder : ShippedRules.folders()) {
      for (RuleDocument rule : ShippedRules.documentsOf(folder)) {
        SigmaRule.Level level = rule.level();
        if (level != null) {
          table.append(
              "| %s | `%s` | %s | `%s` | %s |%n"
                  .formatted(
                      rule.title(),
                      rule.id().substring(rule.id().length() - 2),
                      level.name().toLowerCase(Locale.ROOT),
                      folder,
                      String.join(" ", rule.tags())));
        }
      }
    }
    Path file = Path.of("../docs/rules.md");
    if (Boolean.getBoolean("custody.golden.write")) {
      Files.writeString(file, table);
    }
    assertThat(Files.readString(file)).isEqualTo(table.toString());
  }

  @Test
  void everyRuleThatTellsSaysWhatElseItMayBeAndWhatToDoNext() throws IOException {
    for (String folder : ShippedRules.folders()) {
      for (RuleDocument rule : ShippedRules.documentsOf(folder)) {
        if (rule.level() != null) {
          assertThat(rule.remediation()).as(rule.title()).isNotBlank();
          assertThat(rule.falsepositives()).as(rule.title()).isNotEmpty();
          assertThat(rule.tags()).as(rule.title()).anyMatch(tag -> tag.startsWith("owasp."));
          assertThat(rule.tags())
              .as(rule.title())
              .anyMatch(tag -> tag.matches("(attack\\.t|atlas\\.aml\\.t)\\d{4}.*"));
        }
      }
    }
  }
}
