package dev.custody.sigma;

import static dev.custody.sigma.TestRules.event;
import static dev.custody.sigma.TestRules.matches;
import static dev.custody.sigma.TestRules.search;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What hostile rules and hostile events may cost, and what is seen of a value that is too long. */
class BoundedCostTest {
  private static final int SEARCHED = 1 << 18;

  @Test
  void ofALongValueItsBeginningAndItsEndAreSearched() {
    SigmaRule rule = search("t|re: 'a[0-9]b'");
    String filler = "x".repeat(SEARCHED);
    assertThat(matches(rule, json("a1b" + filler))).as("begins with it").isTrue();
    assertThat(matches(rule, json(filler + "a1b"))).as("ends with it").isTrue();
    assertThat(matches(rule, json(filler + "a1b" + filler))).as("in the middle").isFalse();
    assertThat(matches(rule, json("x".repeat(SEARCHED / 2) + "a1b"))).as("short enough").isTrue();
  }

  @Test
  void aTextInTheMiddleOfALongValueIsFoundWithoutARegularExpression() {
    String filler = "x".repeat(SEARCHED);
    assertThat(matches(search("t|contains: 'a1b'"), json(filler + "a1b" + filler))).isTrue();
  }

  @Test
  void aLargeExpressionOverALongValueEndsSoon() {
    SigmaRule rule = search("t|re: '(x+x+){60}(x{60}){60}y'");
    String value = json("x".repeat(900_000));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertThat(matches(rule, value)).isFalse());
  }

  @Test
  void twoFieldsOfManyLongTextsAreComparedSoon() {
    String many = String.join(",", Collections.nCopies(20_000, "\"" + "a".repeat(20) + "b\""));
    String event = "{\"a\":[" + many + "],\"b\":[" + many.replace('b', 'c') + "]}";
    for (String line : new String[] {"a|fieldref: b", "a|fieldref|contains: b"}) {
      SigmaRule rule = search(line);
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> assertThat(rule.detection().matches(event(event))).isFalse());
    }
  }

  @Test
  void ofTwoFieldsLongTextsAreEqualButNoParts() {
    String text = "a".repeat(Clause.FieldComparedToField.LONGEST_PART + 1);
    String event = "{\"a\":\"" + text + "\",\"b\":\"" + text + "\"}";
    assertThat(matches(search("a|fieldref: b"), event)).isTrue();
    assertThat(matches(search("a|fieldref|contains: b"), event)).isFalse();
    assertThat(matches(search("a|fieldref|contains: b"), event.replace("aa\"}", "a\"}"))).isTrue();
  }

  private static String json(String value) {
    return "{\"t\":\"" + value + "\"}";
  }
}
