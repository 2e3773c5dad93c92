package dev.custody.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "curl curl",
        "^curl\\s+-d curl",
        "a.bcd?e bc",
        "abc+d abc",
        "abc{2}d ab",
        "abc{2,}?defg defg",
        "wget\\.exe wget.exe",
        "(foo|bar)quux quux",
        "(foo)?b[a-z]ar ar",
        "[]x]abc[^]]d abc",
        "x(a(b|c)[)]d)yz yz",
        "docker\\b docker",
        "aéi*bcd bcd",
        "foo|barbar ``",
        "(?i)secret ``",
        "\\Qa|b\\E ``",
        "\\x41bcd ``",
        "foo{a|b} ``",
        "[[:alpha:]]abc ``",
        ".* ``",
        "a? ``",
      })
  void theTextIsWhatStandsByItself(String regex, String text) {
    assertThat(RegexText.of(regex)).isEqualTo(text);
  }

  @RepeatedTest(20)
  void whateverTheExpressionFindsHoldsTheText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int found = 0;
    for (int i = 0; i < 3_000; i++) {
      String regex = pick(random, "ab|.*+?{}[]()^$\\12,d😀-", 12);
      Pattern pattern;
      try {
        pattern = Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        continue;
      }
      String text = RegexText.of(regex);
      for (int j = 0; j < 20; j++) {
        String value = pick(random, "ab12,d😀{}|", 12);
        if (pattern.matcher(value).find()) {
          found++;
          assertThat(value).as("seed %d: %s", seed, regex).contains(text);
        }
      }
    }
    assertThat(found).isPositive();
  }

  private static String pick(Random random, String characters, int most) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(most + 1); length > 0; length--) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }
}
