package dev.custody.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.custody.glob.Glob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowingTest {
  private static final String TEXT_ALPHABET = "ab*?:";

  @ParameterizedTest
  @CsvSource({
    "*,*,true",
    "*,a*b?,true",
    "a*,a*,true",
    "a*,ab*,true",
    "ab*,a*,false",
    "s3:*,s3:Get*,true",
    "s3:Get*,s3:*,false",
    "s3:Get*,s3:GetObject,true",
    "?,a,true",
    "?,?,true",
    "?,*,false",
    "a,?,false",
    "*?,?*,true",
    "?*,*?,true",
    "??*,?*?,true",
    "*a*,b*a*c,true",
    "*a*,b*c,false",
    "a*b,a*c*b,true",
    "a*b*c,a*c,false",
    "*/x,a/*/x,true",
    "a,a*,false",
    "**,*,true",
    "*,**,true"
  })
  void aPatternContainsAnother(String outer, String inner, boolean contains) {
    assertThat(Narrowing.containsPattern(outer, inner)).isEqualTo(contains);
  }

  private static String pattern(Random random, String alphabet) {
    StringBuilder pattern = new StringBuilder();
    int length = 1 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      pattern.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return pattern.toString();
  }

  /** All texts of at most {@code most} characters. */
  private static List<String> texts(int most) {
    List<String> texts = new ArrayList<>(List.of(""));
    for (int from = 0, length = 0; length < most; length++) {
      int to = texts.size();
      for (int i = from; i < to; i++) {
        for (int c = 0; c < TEXT_ALPHABET.length(); c++) {
          texts.add(texts.get(i) + TEXT_ALPHABET.charAt(c));
        }
      }
      from = to;
    }
    return texts;
  }

  @Test
  void containmentIsNeverClaimedWrongly() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> texts = texts(5);
    int contained = 0;
    for (int i = 0; i < 4_000; i++) {
      String outer = pattern(random, "ab**?");
      String inner = pattern(random, "ab**?");
      if (Narrowing.containsPattern(outer, inner)) {
        contained++;
        for (String text : texts) {
          assertThat(!Glob.matches(inner, text) || Glob.matches(outer, text))
              .as("seed %d: %s within %s, but only the first matches %s", seed, inner, outer, text)
              .isTrue();
        }
      }
    }
    assertThat(contained).as("seed %d", seed).isGreaterThan(100);
  }

  @Test
  void containmentIsSeldomDeniedWrongly() {
    Random random = new Random(7);
    List<String> texts = texts(6);
    int really = 0;
    int denied = 0;
    for (int i = 0; i < 1_000; i++) {
      String outer = pattern(random, "ab**?");
      String inner = pattern(random, "ab**?");
      boolean within =
          texts.stream().allMatch(t -> !Glob.matches(inner, t) || Glob.matches(outer, t));
      if (within) {
        really++;
        denied += Narrowing.containsPattern(outer, inner) ? 0 : 1;
      }
    }
    assertThat(denied * 5).as("%d of %d denied", denied, really).isLessThan(really);
  }

  private static Scope scope(Random random) {
    return new Scope(
        IntStream.rangeClosed(0, random.nextInt(3))
            .mapToObj(g -> new Scope.Grant(patterns(random, "aAb:**?"), patterns(random, "ab**?")))
            .toList());
  }

  private static List<String> patterns(Random random, String alphabet) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(p -> pattern(random, alphabet))
        .toList();
  }

  @Test
  void whatANarrowerScopePermitsTheWiderOnePermitsToo() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int within = 0;
    int permitted = 0;
    for (int i = 0; i < 30_000; i++) {
      Scope outer = scope(random);
      Scope inner = random.nextInt(4) == 0 ? outer : scope(random);
      if (!inner.isWithin(outer)) {
        continue;
      }
      within++;
      for (int t = 0; t < 50; t++) {
        String action = pattern(random, "aAbB:");
        List<String> resources =
            IntStream.range(0, random.nextInt(3))
                .mapToObj(r -> pattern(random, TEXT_ALPHABET))
                .toList();
        if (inner.permits(action, resources)) {
          permitted++;
          assertThat(outer.permits(action, resources))
              .as("seed %d: %s on %s: %s within %s", seed, action, resources, inner, outer)
              .isTrue();
        }
      }
    }
    assertThat(within).as("seed %d", seed).isGreaterThan(500);
    assertThat(permitted).as("seed %d", seed).isGreaterThan(500);
  }

  private static Scope scope(String actions, String resources) {
    return new Scope(
        List.of(
            new Scope.Grant(List.of(actions.split(",", -1)), List.of(resources.split(",", -1)))));
  }

  @Test
  void aScopeIsWithinItself() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      Scope scope = scope(random);
      assertThat(scope.isWithin(scope)).as("%s", scope).isTrue();
    }
  }

  @Test
  void severalGrantsTogetherContainWhatEachContainsInPart() {
    Scope outer =
        new Scope(
            List.of(
                new Scope.Grant(List.of("s3:*"), List.of("a/*")),
                new Scope.Grant(List.of("s3:Get*"), List.of("b/*"))));
    assertThat(scope("s3:GetObject", "a/1,b/1").isWithin(outer)).isTrue();
    assertThat(scope("s3:PutObject", "a/1,b/1").isWithin(outer)).isFalse();
    assertThat(scope("s3:GetObject,s3:PutObject", "a/1").isWithin(outer)).isTrue();
    assertThat(scope("s3:GetObject", "*").isWithin(outer)).isFalse();
  }

  @Test
  void actionsCompareWithoutRegardToCaseAndResourcesExactly() {
    assertThat(scope("S3:getobject", "A").isWithin(scope("s3:Get*", "A"))).isTrue();
    assertThat(scope("s3:GetObject", "a").isWithin(scope("s3:Get*", "A"))).isFalse();
  }

  @Test
  void theTestEndsWhateverThePatterns() {
    List<String> many = IntStream.range(0, 64).mapToObj(i -> "*a".repeat(500) + i).toList();
    Scope inner = new Scope(List.of(new Scope.Grant(many, List.of("*"))));
    Scope outer =
        new Scope(List.of(new Scope.Grant(many.stream().map(p -> p + "b").toList(), List.of("*"))));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(inner.isWithin(outer)).isFalse());
  }
}
