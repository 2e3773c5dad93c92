package dev.custody.sigma;

import static dev.custody.sigma.TestRules.matches;
import static dev.custody.sigma.TestRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

  /** The event has the fields whose letters are given. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      textBlock =
          """
          sel_a or sel_b and fil_c,          a,   true
          sel_a or sel_b and fil_c,          b,   false
          (sel_a or sel_b) and fil_c,        a,   false
          (sel_a or sel_b) and fil_c,        ac,  true
          not sel_a and sel_b or fil_c,      b,   true
          not sel_a and sel_b or fil_c,      ab,  false
          not (sel_a and sel_b) and not fil_c, a, true
          not not sel_a and not sel_b and not fil_c, a, true
          1 of sel_* and not fil_c,          b,   true
          1 of sel_* and not fil_c,          bc,  false
          all of sel_* and not fil_c,        a,   false
          all of sel_* and not fil_c,        ab,  true
          not 1 of sel_* and fil_c,          c,   true
          not 1 of sel_* and fil_c,          bc,  false
          1 of them,                         d,   false
          1 of them,                         c,   true
          all of them,                       ab,  false
          all of them,                       abc, true
          1 of *_c or all of s*l_*,          ab,  true
          1 of *_c or all of s*l_*,          a,   false
          1 of _hel* or 1 of them,           d,   true
          1 of *el* or fil_c,                d,   false
          1 of *el* and not fil_c,           b,   true
          any of sel_* and not fil_c,        b,   true
          """)
  void aConditionBindsAsTheSpecificationSays(String condition, String fields, boolean expected) {
    SigmaRule rule =
        rule(
            """
            sel_a: {a: 1}
            sel_b: {b: 1}
            fil_c: {c: 1}
            _helper: {d: 1}
            condition: %s
            """
                .formatted(condition));
    String event = fields.chars().mapToObj(c -> "\"" + (char) c + "\":1").toList().toString();
    assertThat(matches(rule, "{" + event.substring(1, event.length() - 1) + "}"))
        .isEqualTo(expected);
  }

  @Test
  void oneKeywordNeedsNoList() {
    SigmaRule rule = rule("word: shadow\ncondition: word");
    assertThat(matches(rule, "{\"a\":[\"cat /etc/shadow\"]}")).isTrue();
    assertThat(matches(rule, "{\"a\":\"shade\"}")).isFalse();
  }

  @Test
  void aListOfConditionsIsTheirAlternative() {
    SigmaRule rule = rule("a: {a: 1}\nb: {b: 1}\ncondition:\n  - a\n  - b");
    assertThat(matches(rule, "{\"b\":1}")).isTrue();
    assertThat(matches(rule, "{\"c\":1}")).isFalse();
  }

  @Test
  void aMapIsAllOfItsFieldsAndAListOfMapsAnyOfThem() {
    SigmaRule rule = rule("s:\n  - {a: 1, b: 1}\n  - {c: 1}\ncondition: s");
    assertThat(matches(rule, "{\"a\":1,\"b\":1}")).isTrue();
    assertThat(matches(rule, "{\"a\":1}")).isFalse();
    assertThat(matches(rule, "{\"c\":1}")).isTrue();
  }

  @Test
  void aKeywordIsFoundInsideAnyValueButNotInAName() {
    SigmaRule rule = rule("words: [Shadow, 'pass?wd', 4711]\ncondition: words");
    assertThat(matches(rule, "{\"a\":{\"b\":[1,\"cat /etc/shadow-\"]}}")).isTrue();
    assertThat(matches(rule, "{\"a\":\"my pass-wd file\"}")).isTrue();
    assertThat(matches(rule, "{\"a\":847119}")).isTrue();
    assertThat(matches(rule, "{\"shadow\":\"shade\"}")).isFalse();
  }

  @Test
  void allKeywordsMayStandInDifferentValues() {
    SigmaRule rule = rule("words:\n  '|all': [alpha, beta]\ncondition: words");
    assertThat(matches(rule, "{\"a\":\"alphabet\",\"b\":\"BETA\"}")).isTrue();
    assertThat(matches(rule, "{\"a\":\"alphabet\"}")).isFalse();
  }

  @Test
  void aKeywordMayBeARegularExpression() {
    SigmaRule rule = rule("words:\n  '|re': 'AKIA[0-9A-Z]{4}'\ncondition: words");
    assertThat(matches(rule, "{\"a\":[\"x AKIA12AB\"]}")).isTrue();
    assertThat(matches(rule, "{\"a\":[\"x AKIA12a\"]}")).isFalse();
  }
}
