package dev.custody.sigma;

import static dev.custody.sigma.TestRules.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.sigma.Bounds.Operator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Good rules load, bad ones are told of, and correlations find what they refer to. */
class LoadedRulesTest {
  private static final String ANY = "s: {a: '*'}\ncondition: s";

  /** The specification's "Failed Logins Followed by Successful Login", shortened. */
  private static final String LOGINS =
      """
      title: Multiple failed logins followed by a successful one
      id: b180ead8
      correlation:
        type: temporal_ordered
        rules: [multiple_failed_login, successful_login]
        group-by: [User]
        timespan: 10m
      level: high
      ---
      title: Multiple failed logons
      id: a8418a5a
      name: multiple_failed_login
      correlation:
        type: event_count
        rules: [failed_login]
        group-by: [User]
        timespan: 10m
        condition: {gte: 10}
      """;

  private static String base(String name) {
    return "title: %s\nname: %s\nlogsource: {product: custody}\ndetection: {s: {a: %s}, condition: s}\n"
        .formatted(name, name, name);
  }

  private static String count(String name, String of) {
    return "title: %s\nname: %s\nlevel: low\ncorrelation: {type: event_count, rules: %s, group-by: u, timespan: 1h, condition: {gte: 2}}\n"
        .formatted(name, name, of);
  }

  private static LoadedRules load(String... files) {
    Map<String, byte[]> named = new TreeMap<>();
    for (int i = 0; i < files.length; i++) {
      named.put("%d.yml".formatted(i), files[i].getBytes(UTF_8));
    }
    return LoadedRules.of(named);
  }

  @Test
  void aCorrelationFindsItsRulesInOtherFilesAndBehindIt() {
    LoadedRules loaded = load(LOGINS, base("successful_login") + "---\n" + base("failed_login"));

    assertThat(loaded.refused()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    Correlation outer = loaded.set().correlations().getFirst();
    assertThat(outer.rules()).containsExactly("a8418a5a", "successful_login");
    assertThat(outer.bounds().comparisons()).isEqualTo(Map.of(Operator.GTE, BigDecimal.TWO));
    assertThat(loaded.set().documents())
        .extracting(RuleDocument::id)
        .containsExactly("b180ead8", "a8418a5a", "successful_login", "failed_login");
  }

  @Test
  void aCorrelationKeepsWhatItsFileSays() {
    LoadedRules loaded =
        load(
            base("a")
                + "---\n"
                + base("b")
                + """
                ---
                title: Sums
                id: s1
                status: test
                description: Much of it.
                tags: [attack.t1048]
                falsepositives: Backups
                level: medium
                remediation: Ask.
                correlation:
                  type: value_percentile
                  rules: [a, b]
                  aliases:
                    who: {a: user.name, b: actor}
                  group-by: [who, host]
                  timespan: 90m
                  percentile: 95
                  condition: {gt: 0.5, lte: 100, field: bytes}
                  generate: true
                """);

    assertThat(loaded.refused()).isEmpty();
    assertThat(loaded.set().correlations())
        .containsExactly(
            new Correlation(
                "s1",
                null,
                "Sums",
                SigmaRule.Status.TEST,
                "Much of it.",
                SigmaRule.Level.MEDIUM,
                Correlation.Type.VALUE_PERCENTILE,
                List.of("a", "b"),
                List.of(),
                Map.of("who", Map.of("a", "user.name", "b", "actor")),
                List.of("who", "host"),
                Duration.ofMinutes(90),
                new Bounds(
                    Map.of(
                        Operator.GT, new BigDecimal("0.5"), Operator.LTE, BigDecimal.valueOf(100))),
                List.of("bytes"),
                95,
                true,
                List.of("attack.t1048"),
                List.of("Backups"),
                List.of(),
                "Ask."));
  }

  @Test
  void anExpressionSaysWhatMustNotHaveMatched() {
    LoadedRules loaded =
        load(
            base("request") + "---\n" + base("result"),
            """
            title: No result
            name: none
            level: low
            correlation:
              type: temporal_ordered
              rules: [request, result]
              group-by: call
              timespan: 5m
              condition: request and not result
            """);
    assertThat(loaded.refused()).isEmpty();
    Correlation none = loaded.set().correlations().getFirst();
    assertThat(none.absent()).containsExactly("result");
    assertThat(none.bounds().comparisons()).isEqualTo(Map.of(Operator.GTE, BigDecimal.ONE));
  }

  @Test
  void whatACorrelationRefersToTellsNothingAloneUnlessOneOfThemSaysGenerate() {
    String generating = count("g", "b").replace("condition", "generate: true, condition");
    RuleSet set =
        load(
                base("a") + "---\n" + base("b") + "---\n" + base("c"),
                count("x", "[a, b]"),
                generating)
            .set();
    assertThat(set.tells("a")).isFalse();
    assertThat(set.tells("b")).isTrue();
    assertThat(set.tells("c")).isTrue();
    assertThat(set.tells("x")).isTrue();
    assertThat(set.tells("nobody")).isFalse();
  }

  @Test
  void oneBadDocumentKeepsNoOtherFromLoadingButThoseThatReferToIt() {
    LoadedRules loaded =
        load(
            text("1", ANY) + "---\n" + base("bad").replace("condition: s", "condition: t"),
            count("c1", "bad") + "---\n" + count("c2", "c1"),
            "x: [",
            text("2", ANY));

    assertThat(loaded.set().documents()).extracting(RuleDocument::id).containsExactly("1", "2");
    assertThat(loaded.refused())
        .extracting(LoadedRules.Problem::toString)
        .satisfiesExactly(
            bad -> assertThat(bad).startsWith("0.yml:13: rule 'bad': expected a search identifier"),
            c1 -> assertThat(c1).isEqualTo("1.yml:4: rule 'c1': 'bad' was refused; mend it first"),
            c2 -> assertThat(c2).isEqualTo("1.yml:9: rule 'c2': 'c1' was refused; mend it first"),
            yaml -> assertThat(yaml).startsWith("2.yml:1: not YAML"));
    assertThat(loaded.isUseless()).isFalse();
    assertThat(load("x: [").isUseless()).isTrue();
  }

  @Test
  void everyDocumentOfACircleIsRefusedAndThoseAroundItAreTold() {
    LoadedRules loaded =
        load(count("a", "b") + "---\n" + count("b", "c"), count("c", "a"), count("d", "c"));
    assertThat(loaded.set().documents()).isEmpty();
    assertThat(loaded.refused())
        .extracting(LoadedRules.Problem::rule)
        .containsExactly("a", "b", "c", "d");
    assertThat(loaded.refused().get(2).text())
        .isEqualTo(
            "correlations refer to each other in a circle: a -> b -> c -> a; take one of these"
                + " references out");
    assertThat(loaded.refused().get(3).text()).isEqualTo("'c' was refused; mend it first");
  }

  @Test
  void chainsAreEightDeepAtMost() {
    StringBuilder file = new StringBuilder(base("c0"));
    for (int i = 1; i <= 9; i++) {
      file.append("---\n").append(count("c" + i, "c" + (i - 1)));
    }
    LoadedRules loaded = load(file.toString());
    assertThat(loaded.set().correlations()).hasSize(8);
    assertThat(loaded.refused())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.text())
                .isEqualTo(
                    "correlations refer to correlations more than 8 deep; make the chain"
                        + " shorter"));
  }

  @Test
  void aChainOfTenThousandDoesNotExhaustTheStack() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      StringBuilder file = new StringBuilder();
      for (int j = 0; j < 1000; j++) {
        int number = i * 1000 + j;
        file.append("---\n").append(count("c" + number, "c" + (number + 1) % 10_000));
      }
      files.put("%d.yml".formatted(i), file.toString().getBytes(UTF_8));
    }
    assertThat(LoadedRules.of(files).refused()).hasSize(10_000);
  }

  @Test
  void noMoreThanTwentyThousandRulesAreLoaded() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 21; i++) {
      StringBuilder file = new StringBuilder();
      for (int j = 0; j < 1000; j++) {
        file.append("---\n").append(base("r" + (i * 1000 + j)));
      }
      files.put("%02d.yml".formatted(i), file.toString().getBytes(UTF_8));
    }
    LoadedRules loaded = LoadedRules.of(files);
    assertThat(loaded.set().rules()).hasSize(20_000);
    assertThat(loaded.refused())
        .extracting(LoadedRules.Problem::toString)
        .containsExactly("20.yml: more than 20000 rules; none from here on is loaded");
  }

  @Test
  void whatIsLeftUnsaidIsAWarning() {
    LoadedRules loaded =
        load(
            text("1", "s: {a: 1}\nfilter: {b: 1}\ncondition: s"),
            text("2", ANY).replace("level: low\n", ""),
            base("r"),
            count("c", "r"));
    assertThat(loaded.refused()).isEmpty();
    assertThat(loaded.warnings())
        .extracting(LoadedRules.Problem::toString)
        .containsExactly(
            "0.yml:8: rule 'A test rule': search identifier 'filter' is not used by the condition;"
                + " use it, or begin its name with '_'",
            "1.yml:1: rule 'A test rule': no level; its findings have an unknown severity: say"
                + " one");
    assertThat(loaded.set().rules()).hasSize(3);
  }

  @Test
  void aNameGivenTwiceIsRefused() {
    LoadedRules loaded =
        load(text("1", ANY) + "name: n\n", text("2", ANY) + "name: n\n", count("c", "n"));
    assertThat(loaded.refused())
        .extracting(LoadedRules.Problem::text)
        .containsExactly("rule name n is already used in 0.yml; choose another");
    assertThat(loaded.set().correlations().getFirst().rules()).containsExactly("1");
  }
}
