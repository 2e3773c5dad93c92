package dev.custody.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SubstringsTest {
  @RepeatedTest(20)
  void theTextsThatAreInATextAreFoundAndNoOthers() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, BitSet> texts = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      texts.computeIfAbsent(word(random, 1, 6), t -> new BitSet()).set(i);
    }
    Substrings substrings = Substrings.of(texts);
    for (int i = 0; i < 200; i++) {
      String text = word(random, 0, 40);
      BitSet expected = new BitSet();
      texts.forEach((part, numbers) -> {
        if (text.contains(part)) {
          expected.or(numbers);
        }
      });
      BitSet found = new BitSet();
      substrings.addFound(text, found);
      assertThat(found).as("seed %d: %s", seed, text).isEqualTo(expected);
    }
  }

  private static String word(Random random, int least, int most) {
    int length = least + random.nextInt(most - least + 1);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append("abcß\uD83D\uDE00".charAt(random.nextInt(6)));
    }
    return word.toString();
  }

  @Test
  void manyLongTextsOfManyCharactersTakeBoundedRoomAndNoneIsMissed() {
    Random random = new Random(1);
    Map<String, BitSet> texts = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < 32; c++) {
        text.append((char) (0x4e00 + random.nextInt(20_000)));
      }
      texts.computeIfAbsent(text.toString(), t -> new BitSet()).set(i);
    }
    long before = used();
    Substrings substrings = Substrings.of(texts);
    assertThat(used() - before).isLessThan(200L << 20);
    texts.entrySet().stream()
        .limit(100)
        .forEach(each -> {
          BitSet found = new BitSet();
          substrings.addFound("x" + each.getKey() + "y", found);
          assertThat(found.stream()).contains(each.getValue().nextSetBit(0)).hasSizeLessThan(100);
        });
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void whatIsFiledIsNotChangedByWhatIsFound() {
    BitSet one = new BitSet();
    one.set(1);
    BitSet two = new BitSet();
    two.set(2);
    Substrings substrings = Substrings.of(Map.of("abc", one, "bc", two));
    BitSet found = new BitSet();
    substrings.addFound("xabcx", found);
    assertThat(found.stream()).containsExactly(1, 2);
    assertThat(one.stream()).containsExactly(1);
    BitSet again = new BitSet();
    substrings.addFound("xbcx", again);
    assertThat(again.stream()).containsExactly(2);
  }
}
