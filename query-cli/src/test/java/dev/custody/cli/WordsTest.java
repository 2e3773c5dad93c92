package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Human DANA =
      new Human("dana@example.test", HumanBasis.GIT_EMAIL, "dana", "dana@example.test");

  @Test
  void aHumanIsToldWithHowTheyAreKnown() {
    assertThat(Words.basis(DANA))
        .isEqualTo("user.email of the repository; operating-system user dana");
  }

  @Test
  void whatALaterRepositorySaidOfTheHumanIsToldBesideTheFirst() {
    assertThat(Words.basis(DANA.told("rosa@example.test")))
        .isEqualTo(
            "user.email of the repository at first; it said rosa@example.test later; operating-system user dana");
    assertThat(Words.basis(DANA.told(null))).isEqualTo(Words.basis(DANA));
  }
}
