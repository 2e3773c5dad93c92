package dev.custody.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {

  /** Rules specification, "Escape Character", line by line. */
  @ParameterizedTest(name = "{0} passes {1}, not {2}")
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          C:\\Windows , C:\\Windows , C:Windows
          C:\\\\Windows , C:\\Windows , C:\\\\Windows
          a\\*b , a*b , axb
          a\\?b , a?b , axb
          a\\\\*b , a\\xb , a*b
          a\\\\\\*b , a\\*b , a\\xb
          a\\\\\\b , a\\\\b , a\\b
          a\\\\\\\\b , a\\\\b , a\\b
          a\\ , a\\ , a
          ?* , x , ``
          *a*b*c* , xaxbxcx , xaxcxbx
          a**b , ab , ba
          """)
  void aValueIsReadAsTheSpecificationEscapesIt(String value, String hit, String nearMiss) {
    TextPattern pattern = TextPattern.parse(value).ignoringCase();
    assertThat(pattern.test(hit)).isTrue();
    assertThat(pattern.test(nearMiss)).isFalse();
  }

  @Test
  void aLoneStarPassesEvenNothing() {
    assertThat(TextPattern.parse("*").test("")).isTrue();
    assertThat(TextPattern.parse("").test("")).isTrue();
    assertThat(TextPattern.parse("").test(" ")).isFalse();
  }

  @Test
  void caseIsFoldedBeyondAscii() {
    assertThat(TextPattern.parse("ÄRGER*").ignoringCase().test("ärgerlich")).isTrue();
    assertThat(TextPattern.parse("*σΣ").ignoringCase().test("xΣς")).isTrue();
  }

  @Test
  void aQuestionMarkTakesAWholeCharacterOutsideTheBasicPlane() {
    assertThat(TextPattern.parse("a?b").test("a\ud83d\ude00b")).isTrue();
    assertThat(TextPattern.parse("a??b").test("a\ud83d\ude00b")).isFalse();
  }

  @Test
  void manyWildcardsDoNotExplode() {
    String value = "a".repeat(20_000);
    assertThat(TextPattern.parse("*a".repeat(200) + "*b").test(value)).isFalse();
  }

  @RepeatedTest(20)
  void wildcardsAgreeWithARegularExpression() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String glob = text(random, "abAB*?", 8);
      String value = text(random, "abAB", 10);
      String regex =
          glob.chars()
              .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : String.valueOf((char) c))
              .collect(Collectors.joining());
      String claim = "seed %d: '%s' on '%s'".formatted(seed, glob, value);
      assertThat(TextPattern.parse(glob).test(value))
          .as(claim)
          .isEqualTo(Pattern.matches(regex, value));
      assertThat(TextPattern.parse(glob).ignoringCase().test(value))
          .as(claim)
          .isEqualTo(Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(value).matches());
    }
  }

  private static String text(Random random, String alphabet, int longest) {
    return random
        .ints(random.nextInt(longest + 1), 0, alphabet.length())
        .mapToObj(i -> String.valueOf(alphabet.charAt(i)))
        .collect(Collectors.joining());
  }
}
