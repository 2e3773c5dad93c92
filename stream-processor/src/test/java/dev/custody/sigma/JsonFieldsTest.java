package dev.custody.sigma;

import static dev.custody.sigma.TestRules.event;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonFieldsTest {

  @Test
  void aPathGoesThroughObjectsAndArrays() {
    JsonFields event = event("{\"a\":[{\"b\":1},{\"b\":[2,[3]]},{\"c\":4},5]}");
    assertThat(event.values("a.b")).containsExactly("1", "2", "3");
    assertThat(event.has("a.b")).isTrue();
    assertThat(event.values("a.d")).isEmpty();
    assertThat(event.has("a.d")).isFalse();
  }

  @Test
  void aKeyThatItselfContainsDotsWins() {
    JsonFields event = event("{\"a.b.c\":1,\"a.b\":{\"c\":2,\"d\":3},\"a\":{\"b\":{\"c\":4}}}");
    assertThat(event.values("a.b.c")).containsExactly("1");
    assertThat(event.values("a.b.d")).containsExactly("3");
  }

  @Test
  void nullIsThereAndHasNoText() {
    JsonFields event = event("{\"a\":null,\"b\":[],\"c\":[null,1]}");
    assertThat(event.values("a")).containsExactly((String) null);
    assertThat(event.values("b")).isEmpty();
    assertThat(event.has("b")).isTrue();
    assertThat(event.values("c")).containsExactly(null, "1");
  }

  @Test
  void anObjectsValueIsItsCompactText() {
    assertThat(event("{\"a\":{\"b\": \"x\"}}").values("a")).containsExactly("{\"b\":\"x\"}");
  }

  @Test
  void jsonInsideOfAnObjectsTextsIsAlsoFoundWithoutItsEscapes() {
    String policy = "{\\\"Action\\\":[\\\"s3:GetObject\\\"]}";
    assertThat(
            event("{\"a\":{\"policy\":\"" + policy + "\",\"n\":[1,null,true,{},[]]}}").values("a"))
        .containsExactly(
            "{\"policy\":\"" + policy + "\",\"n\":[1,null,true,{},[]]}",
            "{\"policy\":\"{\"Action\":[\"s3:GetObject\"]}\",\"n\":[1,null,true,{},[]]}");
  }

  @Test
  void oddNamesAndEventsAreAnsweredNotThrown() {
    for (String json : new String[] {"{}", "[]", "1", "null", "{\"\":{\"\":1}}"}) {
      for (String name : new String[] {"", ".", "..", "a.", ".a", "a..b"}) {
        assertThat(event(json).values(name)).hasSizeLessThan(2);
      }
    }
  }
}
