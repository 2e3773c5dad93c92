package dev.custody.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
  @TempDir Path directory;

  private Policy read(String json) throws Exception {
    return PolicyFile.read(Files.writeString(directory.resolve("policy.json"), json));
  }

  @Test
  void whatIsLeftOutIsAsUsual() throws Exception {
    assertThat(read("{}")).isEqualTo(Policy.OBSERVE);
    assertThat(
            read(
                "{\"mode\":\"enforce\",\"requireDelegation\":true,\"undecided\":\"deny\",\"deadlineMillis\":200}"))
        .isEqualTo(
            new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.DENY, Duration.ofMillis(200)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | expected a JSON object, found ARRAY",
        "{\"mod\":\"enforce\"} | expected members mode, requireDelegation, undecided, deadlineMillis, found mod",
        "{\"mode\":\"Enforce\"} | mode: expected observe or enforce, found \"Enforce\"",
        "{\"mode\":1} | mode: expected observe or enforce, found 1",
        "{\"undecided\":\"block\"} | undecided: expected proceed or deny, found \"block\"",
        "{\"requireDelegation\":\"true\"} | requireDelegation: expected true or false",
        "{\"deadlineMillis\":0} | deadlineMillis: expected 1 to 10000, found 0",
        "{\"deadlineMillis\":1.5} | deadlineMillis: expected a whole number, found 1.5",
        "{\"mode\":\"observe\",\"mode\":\"enforce\"} | Duplicate field 'mode'",
        "{} {} | Trailing token",
        "{ | line 1"
      })
  void whatIsNotUnderstoodIsRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("policy " + directory)
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> PolicyFile.read(directory.resolve("none.json")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("none.json cannot be read");
  }
}
