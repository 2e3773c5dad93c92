package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Rules and events in a line or two, for tests. */
final class TestRules {
  static final Logsource TOOL = new Logsource("agent", "custody", "tool");

  private static final ObjectMapper JSON = new ObjectMapper();

  private TestRules() {}

  /** The text of a rule with this detection section, whose lines are not indented. */
  static String text(String id, String detection) {
    return """
    title: A test rule
    id: %s
    level: low
    logsource:
      product: custody
    detection:
    %s
    """
        .formatted(id, detection.strip().indent(2).stripTrailing());
  }

  static SigmaRule rule(String detection) {
    return rules(text("r1", detection)).rules().getFirst();
  }

  static RuleSet rules(String file) {
    return RuleSet.of(Map.of("rule.yml", file.getBytes(UTF_8)));
  }

  /** A rule of one search identifier on one line, such as {@code name|contains: abc}. */
  static SigmaRule search(String line) {
    return rule("selection:\n  " + line + "\ncondition: selection");
  }

  static JsonFields event(String json) {
    try {
      return new JsonFields(JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the rule matches; what matches has to be found by the index as well. */
  static boolean matches(SigmaRule rule, String json) {
    boolean matches = rule.detection().matches(event(json));
    Logsource own = rule.logsource();
    Logsource source = new Logsource(own.category(), own.product(), own.service());
    if (matches && !new RuleIndex(List.of(rule)).candidates(source, event(json)).get(0)) {
      throw new AssertionError("the index does not find what matches " + json);
    }
    return matches;
  }
}
