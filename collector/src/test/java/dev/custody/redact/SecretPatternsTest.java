package dev.custody.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretPatternsTest {
  private static final String ACME =
      """
      # Ours.
      alphabet octal 0-7

      kind acme-key high
        word   acme_ octal{30,}
        regex  ACME- ACME-(?:eu|us)-([0-9a-f]{32})
        named  acme hex{24}
        example acme_ 01234567*4
        example ACME-eu- 0a1b*8
        example ACME_TOKEN= 0a1b2c*4
      """;

  @TempDir private Path directory;

  @Test
  void theBuiltInFileHasSixtyKindsAndEachFindsItsExamples() throws Exception {
    PatternFile file = new PatternFile("secrets.conf", SecretPatterns.foundByCode());
    file.read(builtIn());
    file.tryExamples(SecretPatterns.builtIn());
    assertThat(file.kinds()).hasSizeGreaterThan(60);
    assertThat(file.forms().stream().map(form -> form.kind().id()).collect(Collectors.toSet()))
        .hasSizeGreaterThan(60);
  }

  @Test
  void theUsersFileAddsToWhatIsBuiltIn() throws Exception {
    Files.writeString(directory.resolve(SecretPatterns.FILE), ACME);
    SecretPatterns patterns = SecretPatterns.read(directory);
    Redactor redactor = new Redactor(patterns, RedactorTest::print);

    String inner = "0a1b".repeat(8);
    Redacted<String> redacted =
        redactor.text("acme_" + "0123".repeat(8) + " ACME-us-" + inner + " " + github(), "x");

    assertThat(redacted.findings())
        .extracting(finding -> finding.kind().id())
        .containsExactly("acme-key", "acme-key", "github-token");
    assertThat(redacted.value())
        .contains(" ACME-us-[redacted:acme-key:")
        .doesNotContain(inner, "0123");
    assertThat(redactor.text(redacted.value(), "x").value()).isEqualTo(redacted.value());
  }

  @Test
  void withoutAFileThereIsWhatIsBuiltIn() throws Exception {
    assertThat(SecretPatterns.read(directory)).isSameAs(SecretPatterns.builtIn());
  }

  @Test
  void aMarkerOfAKindThatIsNotDeclaredIsNoMarker() {
    String forged = "password=[redacted:acme-key:0123]";
    assertThat(new Redactor(RedactorTest::print).text(forged, "x").value()).isNotEqualTo(forged);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      textBlock =
          """
          kinds acme high                    | 1 | expected alphabet, kind, anywhere, word, after, named, regex or example, found kinds
          kind acme                          | 1 | expected high or low after a new kind's id, found acme
          kind Acme high                     | 1 | expected 3 to 32 lower-case letters and dashes as the kind's id, found Acme
          kind github-token low              | 1 | expected the class that github-token has already, found low
          word acme_ hex{32}                 | 1 | expected a kind before its forms, found none
          kind acme high                     | 1 | expected an example of acme, found none
          kind acme high;word acme_ oct{32}  | 2 | expected the name of an alphabet before '{', found oct
          kind acme high;word acme_ hex{9,3} | 2 | expected {N}, {LEAST,} or {LEAST,MOST}, at most 256 unless it is last, found {9,3}
          kind acme high;word acme_ hex{32   | 2 | expected '}' at the end of a run, found hex{32
          kind acme high;word acme_ hex{x}   | 2 | expected a number of at most four digits, found x
          kind acme high;word hex{32}        | 2 | expected a literal that is always the same, first or after one run, found none
          kind acme high;word a hex{32}      | 2 | expected 2 to 64 characters of ASCII that are always the same, found 1
          kind acme high;word "acme          | 2 | expected a closing quote, found the line's end
          kind acme high;regex acme (        | 2 | expected a regular expression of RE2, found missing closing )
          kind acme high;word acme_ hex{32};example acme_ 0a1b*4 | 3 | expected an example of acme, found nothing
          alphabet octal                     | 1 | expected alphabet NAME CHARACTERS, found octal
          """)
  void aFileThatIsNotUnderstoodIsRefusedAtItsLine(String text, int line, String expected)
      throws IOException {
    Path file = directory.resolve(SecretPatterns.FILE);
    Files.writeString(file, text.replace(';', '\n'));
    assertThatThrownBy(() -> SecretPatterns.read(directory))
        .isInstanceOf(PatternException.class)
        .hasMessage("%s:%d: %s; try: docs/redaction.md".formatted(file, line, expected));
  }

  private static String github() {
    return "ghp" + "_" + "aB3x".repeat(9);
  }

  private static String builtIn() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SecretPatterns.class.getResourceAsStream(SecretPatterns.FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
