package dev.custody.sigma;

import static dev.custody.sigma.TestRules.event;
import static dev.custody.sigma.TestRules.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
  private static final String VALUES =
      """
      admins: [root, adm-*]
      dc-name: DC01$
      port: 22
      odd: 'a\\*b'
      """;

  private static RuleSet rules(String values, String search) {
    return RuleSet.of(
        new RuleContext(Placeholders.of("values.yml", values.getBytes(UTF_8)), ""),
        Map.of("rule.yml", text("r1", "s:\n  " + search + "\ncondition: s").getBytes(UTF_8)));
  }

  private static boolean matches(String search, String json) {
    return rules(VALUES, search).rules().getFirst().detection().matches(event(json));
  }

  @Test
  void aPlaceholderIsAnyOfItsValuesAndTheirWildcardsCount() {
    assertThat(matches("u|expand: '%admins%'", "{\"u\":\"ROOT\"}")).isTrue();
    assertThat(matches("u|expand: '%admins%'", "{\"u\":\"adm-dana\"}")).isTrue();
    assertThat(matches("u|expand: '%admins%'", "{\"u\":\"adm\"}")).isFalse();
    assertThat(matches("u|expand: '%odd%'", "{\"u\":\"a*b\"}")).isTrue();
    assertThat(matches("u|expand: '%odd%'", "{\"u\":\"axb\"}")).isFalse();
  }

  @Test
  void aPlaceholderStandsInsideATextBesideOthersAndUnderOtherModifiers() {
    String search = "u|expand|contains: 'user=%admins% port=%port% '";
    assertThat(matches(search, "{\"u\":\"x user=adm-1 port=22 y\"}")).isTrue();
    assertThat(matches(search, "{\"u\":\"x user=root port=22 y\"}")).isTrue();
    assertThat(matches(search, "{\"u\":\"x user=root port=23 y\"}")).isFalse();
    assertThat(matches("u|contains|expand: '%dc-name%'", "{\"u\":\"CN=dc01$,OU=x\"}")).isTrue();
    assertThat(matches("u|cased|expand: '%dc-name%'", "{\"u\":\"dc01$\"}")).isFalse();
  }

  @Test
  void allOfAListIsAskedOfEachPlaceholderNotOfEachOfItsValues() {
    String search = "u|contains|all|expand: ['%admins%', '%port%']";
    assertThat(matches(search, "{\"u\":\"root:22\"}")).isTrue();
    assertThat(matches(search, "{\"u\":\"root:23\"}")).isFalse();
  }

  @Test
  void anEscapedPercentSignIsItself() {
    assertThat(matches("u|expand: '\\%plain%port%'", "{\"u\":\"%plain22\"}")).isTrue();
    assertThat(matches("u: '%admins%'", "{\"u\":\"%admins%\"}")).isTrue();
    assertThat(matches("u: '%admins%'", "{\"u\":\"root\"}")).isFalse();
  }

  @Test
  void aKeywordMayBeAPlaceholder() {
    assertThat(matches("'|expand': '%dc-name%'", "{\"a\":{\"b\":\"on DC01$ now\"}}")).isTrue();
  }

  @Test
  void theIndexFindsEveryValueOfAPlaceholder() {
    RuleSet rules = rules(VALUES, "u|expand: '%admins%'");
    for (String user : new String[] {"root", "adm-x"}) {
      assertThat(rules.match(List.of(TestRules.TOOL), event("{\"u\":\"" + user + "\"}")))
          .hasSize(1);
    }
  }

  @Test
  void valuesChangeTheDigestOfTheSet() {
    String search = "u|expand: '%port%'";
    assertThat(rules("port: 22\n", search).digest())
        .isNotEqualTo(rules("port: 23\n", search).digest())
        .isEqualTo(rules("port: 22\n", search).digest());
  }

  @Test
  void moreThanAThousandCombinationsAreRefused() {
    String many =
        "n: ["
            + IntStream.range(0, 33).mapToObj(String::valueOf).collect(Collectors.joining(","))
            + "]\n";
    assertThatThrownBy(() -> rules(many, "u|expand: '%n%-%n%'"))
        .hasMessage("rule.yml:8: the placeholders make more than 1024 values");
    assertThat(rules(many, "u|expand: '%n%'").rules()).hasSize(1);
  }

  @Test
  void aFileThatIsNoMapOfNamesToValuesIsRefused() {
    assertThatThrownBy(() -> rules("[a]\n", "u: 1"))
        .hasMessage("values.yml:1: expected a map, found a list");
    assertThatThrownBy(() -> rules("a: {b: c}\n", "u: 1"))
        .hasMessage("values.yml:1: expected a text, found a map");
    assertThatThrownBy(() -> rules("a: []\n", "u: 1"))
        .hasMessage("values.yml:1: a placeholder has 1 to 1024 values");
    assertThatThrownBy(() -> rules("'%a%': b\n", "u: 1"))
        .hasMessageStartingWith("values.yml:1: expected a name of letters");
    assertThatThrownBy(() -> rules("", "u: 1"))
        .hasMessage("values.yml: expected one map from placeholders to their values");
  }
}
