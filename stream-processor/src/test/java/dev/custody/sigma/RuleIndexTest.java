package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The index only saves work: it finds what asking every rule finds. */
class RuleIndexTest {
  private static final List<String> FIELDS = List.of("a", "b", "c.d");
  private static final List<String> TEXTS =
      List.of("x", "X", "yy", "1", "Straße", "'x*'", "curl", "'*url -D*'", "'c?rl*://'");
  private static final List<String> CONDITIONS =
      List.of(
          "s0",
          "not s0",
          "s0 and s1",
          "s0 or s1",
          "1 of s*",
          "all of s*",
          "s0 and not (s1 or s2)",
          "not s0 and (s1 or s2)",
          "not (not s0 or s1)");

  @RepeatedTest(30)
  void theIndexFindsWhatAskingEveryRuleFinds() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String file =
        IntStream.range(0, 60).mapToObj(i -> rule(random, i)).collect(Collectors.joining("---\n"));
    RuleSet rules = RuleSet.of(Map.of("random.yml", file.getBytes(UTF_8)));
    for (int i = 0; i < 100; i++) {
      Logsource source = logsource(random);
      ObjectNode event = event(random);
      assertThat(rules.match(List.of(source), new JsonFields(event)))
          .as("seed %d, event %d: %s %s", seed, i, source, event)
          .isEqualTo(
              rules.rules().stream()
                  .filter(rule -> rule.logsource().covers(source))
                  .filter(rule -> rule.detection().matches(new JsonFields(event)))
                  .toList());
    }
  }

  @Test
  void onlyRulesThatNameTheEventsTextAreCandidates() {
    String file =
        IntStream.range(0, 1000)
            .mapToObj(i ->
                TestRules.text(
                    "r" + i, "s: {source: cloud, name: [n%d, m%d]}\ncondition: s".formatted(i, i)))
            .collect(Collectors.joining("---\n"));
    RuleIndex index = new RuleIndex(TestRules.rules(file).rules());

    assertThat(
            index
                .candidates(
                    TestRules.TOOL, TestRules.event("{\"source\":\"cloud\",\"name\":\"M7\"}"))
                .stream())
        .containsExactly(7);
  }

  @Test
  void ofAThousandRulesOnPartsOfACommandOnlyThoseWhosePartIsThereAreCandidates() {
    String file =
        IntStream.range(0, 1000)
            .mapToObj(i ->
                TestRules.text(
                    "r" + i,
                    (switch (i % 4) {
                              case 0 -> "s: {cmd|contains: 'tool%d.exe'}";
                              case 1 -> "s: {cmd|endswith: ['tool%d.exe', 'x%<d.sh']}";
                              case 2 -> "s: {cmd|re: '^sh.*tool%d\\.exe'}";
                              default -> "s: [tool%d.exe]";
                            }
                            + "\ncondition: s")
                        .formatted(i)))
            .collect(Collectors.joining("---\n"));
    RuleIndex index = new RuleIndex(TestRules.rules(file).rules());
    for (int i : new int[] {4, 5, 6, 7}) {
      String event = "{\"cmd\":\"sh -c TOOL%d.exe\"}".formatted(i);
      assertThat(index.candidates(TestRules.TOOL, TestRules.event(event)).stream())
          .containsExactly(i);
    }
  }

  private static String rule(Random random, int number) {
    String condition = pick(random, CONDITIONS);
    String names = condition.contains("*") ? "s0 s1 s2" : condition;
    String identifiers =
        IntStream.range(0, 3)
            .filter(i -> names.contains("s" + i))
            .mapToObj(i -> "s" + i + ": " + search(random))
            .collect(Collectors.joining("\n"));
    return TestRules.text("r" + number, identifiers + "\ncondition: " + condition)
        .replace("product: custody", logsourceText(random));
  }

  private static String search(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> "[{%s}, {%s}]".formatted(item(random), item(random));
      case 1 -> "[%s, %s]".formatted(pick(random, TEXTS), pick(random, TEXTS));
      case 2, 3 -> "{%s}".formatted(item(random));
      default -> "{a: %s, b: %s}".formatted(pick(random, TEXTS), pick(random, TEXTS));
    };
  }

  private static String item(Random random) {
    String field = pick(random, FIELDS);
    String text = pick(random, TEXTS);
    return switch (random.nextInt(13)) {
      case 0 -> field + "|contains: " + text;
      case 1 -> field + "|cased: " + text;
      case 2 -> field + ": null";
      case 3 -> field + "|neq: " + text;
      case 4 -> field + "|all: [" + text + ", " + pick(random, TEXTS) + "]";
      case 5 -> field + ": [" + text + ", " + pick(random, TEXTS) + "]";
      case 6 -> field + "|startswith: " + text;
      case 7 -> field + "|endswith: [" + text + ", url]";
      case 8 -> field + "|contains|all: [url, " + text + "]";
      case 9 ->
          field + "|re: '" + pick(random, List.of("curl", "c.rl -[dD]", "straße", "x|curl")) + "'";
      case 10 -> field + "|windash|contains: ' -d '";
      default -> field + ": " + text;
    };
  }

  private static String logsourceText(Random random) {
    return pick(
        random, List.of("product: p", "{product: p, service: s}", "service: s", "category: k"));
  }

  private static Logsource logsource(Random random) {
    return new Logsource(part(random, "k"), part(random, "p"), part(random, "s"));
  }

  private static @Nullable String part(Random random, String name) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> "other";
      default -> name;
    };
  }

  private static ObjectNode event(Random random) {
    ObjectNode event = new ObjectMapper().createObjectNode();
    for (String field : List.of("a", "b")) {
      switch (random.nextInt(5)) {
        case 0 -> event.putNull(field);
        case 1 -> event.putArray(field).add(value(random)).add(value(random));
        case 2 -> {}
        default -> event.put(field, value(random));
      }
    }
    event.putArray("c").addObject().put("d", value(random));
    return event;
  }

  private static String value(Random random) {
    return pick(
        random,
        List.of(
            "x", "X", "yy", "YYx", "1", "STRAßE", "xx", "CURL -d x", "a curl /d b", "CuRl x://"));
  }

  private static String pick(Random random, List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
