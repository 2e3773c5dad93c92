package dev.custody.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.chain.Envelope;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;

class WireFuzzTest {
  @FuzzTest
  void anEnvelopeThatIsReadIsWrittenBack(byte[] bytes) {
    Envelope envelope;
    try {
      envelope = Formats.ENVELOPE.decode(bytes);
    } catch (WireException refused) {
      return;
    }
    assertThat(Formats.ENVELOPE.encode(envelope)).isEqualTo(bytes);
  }

  @FuzzTest
  void anEventThatIsReadIsWrittenBack(byte[] bytes) {
    Event event;
    try {
      event = Formats.EVENT.decode(bytes);
    } catch (WireException refused) {
      return;
    }
    assertThat(Formats.EVENT.encode(event)).isEqualTo(bytes);
  }
}
