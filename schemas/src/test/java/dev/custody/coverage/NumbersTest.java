package dev.custody.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());

  private static Numbers of(Iterable<Long> numbers) {
    Numbers all = Numbers.NONE;
    for (long number : numbers) {
      all = all.with(number);
    }
    return all;
  }

  @Test
  void theOrderMakesNoDifferenceAndTheMissingOnesAreCounted() {
    Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      TreeSet<Long> numbers = new TreeSet<>();
      int span = 1 + random.nextInt(100);
      for (int i = 0; i < 1 + random.nextInt(60); i++) {
        numbers.add((long) random.nextInt(span));
      }
      List<Long> shuffled = new ArrayList<>(numbers);
      shuffled.addAll(numbers);
      Collections.shuffle(shuffled, random);
      Numbers found = of(shuffled);
      assertThat(found).as("seed %d", SEED).isEqualTo(of(numbers));
      assertThat(found.missing())
          .as("seed %d, %s", SEED, numbers)
          .isEqualTo(numbers.last() - numbers.first() + 1 - numbers.size());
    }
  }

  @Test
  void theMissingOnesAreNamed() {
    assertThat(of(List.of(1L, 2L, 4L, 8L)).missingInWords()).isEqualTo("3, 5 to 7");
    assertThat(Numbers.NONE.with(5).missingInWords()).isEmpty();
  }

  @Test
  void thereIsABoundAndWhatIsJoinedStaysMissing() {
    Numbers every = Numbers.NONE;
    for (long number = 0; number < 1_000; number += 2) {
      every = every.with(number);
    }
    assertThat(every.runs()).hasSize(Numbers.MOST_RUNS);
    assertThat(every.missing()).isEqualTo(499);
    assertThat(every.missingInWords()).endsWith(", ...");
  }

  @Test
  void whatIsNoCountIsLeftOut() {
    assertThat(Numbers.NONE.with(-1).with(Long.MAX_VALUE).with(Long.MIN_VALUE))
        .isEqualTo(Numbers.NONE);
  }
}
