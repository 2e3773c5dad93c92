package dev.custody.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.glob.Glob;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  private static Scope scope(String action, String resource) {
    return new Scope(List.of(new Scope.Grant(List.of(action), List.of(resource))));
  }

  @ParameterizedTest
  @CsvSource({
    "s3:Get*, s3:GetObject, true",
    "s3:Get*, s3:Get, true",
    "s3:Get*, s3:PutObject, false",
    "s3:Get?bject, s3:GetObject, true",
    "s3:Get?bject, s3:GetOObject, false",
    "*, anything, true",
    "**, anything, true",
    "*Object, s3:GetObject, true",
    "*Object, s3:GetObjects, false",
    "s*:*t, s3:GetObject, true",
    "?, ab, false",
    "a*b*c, axxbyyc, true",
    "a*b*c, axxcyyb, false",
    "a.c, abc, false",
    "[ab], a, false",
    "a\\*, a*, false",
  })
  void aStarIsAnyRunAndAQuestionMarkIsOneCharacter(String pattern, String text, boolean matches) {
    assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
  }

  @Test
  void patternsMadeToBlowUpAreDecidedAtOnce() {
    String pattern = "a*".repeat(1_000) + "b";
    String text = "a".repeat(20_000);
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(Glob.matches(pattern, text)).isFalse());
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(Glob.matches("*".repeat(2_048), text)).isTrue());
  }

  @Test
  void actionsCompareWithoutRegardToCaseAndResourcesExactly() {
    Scope scope = scope("S3:get*", "arn:aws:s3:::Acme");
    assertThat(scope.permits("s3:GETObject", List.of("arn:aws:s3:::Acme"))).isTrue();
    assertThat(scope.permits("s3:GetObject", List.of("arn:aws:s3:::acme"))).isFalse();
  }

  @Test
  void everyResourceMustBeAllowedByAGrantThatAlsoAllowsTheAction() {
    Scope scope =
        new Scope(
            List.of(
                new Scope.Grant(List.of("s3:Get*"), List.of("a")),
                new Scope.Grant(List.of("s3:Put*"), List.of("b"))));
    assertThat(scope.permits("s3:GetObject", List.of("a"))).isTrue();
    assertThat(scope.permits("s3:GetObject", List.of("a", "b"))).isFalse();
    assertThat(scope.permits("s3:GetObject", List.of("b"))).isFalse();
  }

  @Test
  void resourcesOfDifferentGrantsAddUp() {
    Scope scope =
        new Scope(
            List.of(
                new Scope.Grant(List.of("s3:*"), List.of("a")),
                new Scope.Grant(List.of("s3:GetObject"), List.of("b"))));
    assertThat(scope.permits("s3:GetObject", List.of("a", "b"))).isTrue();
    assertThat(scope.permits("s3:PutObject", List.of("a", "b"))).isFalse();
  }

  @Test
  void anActionWithoutAKnownResourceNeedsTheStar() {
    assertThat(scope("s3:*", "*").permits("s3:ListBuckets", List.of())).isTrue();
    assertThat(scope("s3:*", "arn:*").permits("s3:ListBuckets", List.of())).isFalse();
    assertThat(scope("s3:*", "?").permits("s3:ListBuckets", List.of())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "s3:*, s3:GetObject, true",
    "s3:*, iam:CreateUser, true",
    "s3:*, nocolon, true",
    "s3:*, tool:Bash, false",
    "s3:*, git:commit, false",
    "s3:*, TOOL:Bash, false",
    "tool:Read, tool:Bash, true",
    "Tool:Read, tool:Bash, true",
    "tool:Read, git:commit, false",
    "*, tool:Bash, true",
    "**, tool:Bash, false",
    "t*, tool:Bash, false",
  })
  void localActsAreJudgedOnlyWhereAPatternNamesTheirKind(
      String pattern, String action, boolean judged) {
    assertThat(scope(pattern, "*").judges(action)).isEqualTo(judged);
  }

  @Test
  void authorizationDetailsComeBackTheSame() throws Exception {
    Scope scope =
        new Scope(
            List.of(
                new Scope.Grant(List.of("s3:Get*", "s3:List*"), List.of("*")),
                new Scope.Grant(List.of("tool:Bash"), List.of("/home/\"dana\"/*"))));
    assertThat(Scope.ofAuthorizationDetails(scope.toAuthorizationDetails())).isEqualTo(scope);
    assertThat(scope.inWords())
        .containsExactly("s3:Get*, s3:List* on *", "tool:Bash on /home/\"dana\"/*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "null",
        "[1]",
        "[",
        "[{\"type\":\"custody_action\",\"actions\":[\"a\"]}]",
        "[{\"type\":\"other\",\"actions\":[\"a\"],\"resources\":[\"*\"]}]",
        "[{\"type\":\"custody_action\",\"actions\":[\"a\"],\"resources\":[\"*\"],\"unless\":[]}]",
        "[{\"type\":\"custody_action\",\"actions\":[\"a\"],\"unless\":[\"*\"]}]",
        "[{\"type\":\"custody_action\",\"actions\":[],\"resources\":[\"*\"]}]",
        "[{\"type\":\"custody_action\",\"actions\":[\"\"],\"resources\":[\"*\"]}]",
        "[{\"type\":\"custody_action\",\"actions\":[1],\"resources\":[\"*\"]}]",
        "[{\"type\":\"custody_action\",\"actions\":\"a\",\"resources\":\"*\"}]",
        "{\"a\":{\"type\":\"custody_action\",\"actions\":[\"a\"],\"resources\":[\"*\"]}}",
        "[{\"type\":\"custody_action\",\"actions\":{\"x\":\"a\"},\"resources\":[\"*\"]}]",
      })
  void whatIsNotUnderstoodIsRefusedAndNeverIgnored(String json) {
    assertThatThrownBy(() -> Scope.ofAuthorizationDetails(json))
        .isInstanceOf(InvalidDelegationException.class);
  }

  @Test
  void theNumbersOfGrantsAndPatternsAreBounded() {
    Scope.Grant grant = new Scope.Grant(List.of("a"), List.of("*"));
    assertThatThrownBy(() -> new Scope(Collections.nCopies(65, grant)))
        .hasMessage("expected 1 to 64 grants, found 65");
    assertThatThrownBy(() -> new Scope.Grant(Collections.nCopies(257, "a"), List.of("*")))
        .hasMessage("expected 1 to 256 action patterns, found 257");
    assertThatThrownBy(() -> new Scope.Grant(List.of("a"), List.of("x".repeat(2_049))))
        .hasMessage("a resource pattern has 1 to 2048 characters");
  }
}
