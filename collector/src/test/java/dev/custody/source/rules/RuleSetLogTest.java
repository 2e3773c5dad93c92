package dev.custody.source.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleSetLogTest {
  private static final String DIGEST = "0a".repeat(32);

  private final RuleSetLog log = new RuleSetLog(new TestObserver().of("dana"));

  private List<Event> events(String json) throws Exception {
    return log.events(new ObjectMapper().readTree(json));
  }

  @Test
  void aSetIsRecordedUnderItsDigestSoThatToTellItAgainAddsNothing() throws Exception {
    Event event = events("{\"digest\":\"" + DIGEST + "\",\"rules\":[\"a\",\"b\"]}").getFirst();
    assertThat(event.body())
        .isEqualTo(new Body.RulesLoaded(Digest.ofHex(DIGEST), List.of("a", "b")));
    assertThat(event.action()).isEqualTo("rules:load");
    assertThat(event.source().kind()).isEqualTo("custody");
    assertThat(event.source().id()).isEqualTo("rules:" + DIGEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|a set of rules without its digest",
        "[]|a set of rules without its digest",
        "{\"digest\":\"0A\",\"rules\":[]}|the digest is none: expected 64 lower-case hex digits",
        "{\"digest\":\"%s\"}|expected rules: a list of at most 20000 ids",
        "{\"digest\":\"%s\",\"rules\":[1]}|expected ids of rules: texts of at most 256 characters",
      })
  void whatIsNoSetIsRefused(String json, String problem) {
    assertThatThrownBy(() -> events(json.replace("%s", DIGEST)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(problem);
  }
}
