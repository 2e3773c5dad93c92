package dev.custody.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import dev.custody.wire.WireException;

/**
 * Avro has many spellings of one value, and docs/format.md allows them all: so the value is
 * compared, not the bytes.
 */
class WireFuzzTest {
  @FuzzTest
  void anEnvelopeThatIsReadIsTheSameWhenWrittenBack(byte[] bytes) throws WireException {
    check(Formats.ENVELOPE, bytes);
  }

  @FuzzTest
  void anEventThatIsReadIsTheSameWhenWrittenBack(byte[] bytes) throws WireException {
    check(Formats.EVENT, bytes);
  }

  private static <T> void check(RecordFormat<T> format, byte[] bytes) throws WireException {
    T value;
    try {
      value = format.decode(bytes);
    } catch (WireException refused) {
      return;
    }
    byte[] written = format.encode(value);
    assertThat(format.decode(written)).isEqualTo(value);
    assertThat(format.encode(format.decode(written))).isEqualTo(written);
  }
}
