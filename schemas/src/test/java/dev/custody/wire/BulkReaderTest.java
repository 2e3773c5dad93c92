package dev.custody.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.chain.Envelope;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reading in bulk takes exactly what full decoding takes, and sees the same in it. */
class BulkReaderTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());
  private static final int ROUNDS = 150_000;

  private final BulkReader bulk = new BulkReader();
  private final Random random = new Random(SEED);
  private int taken;
  private int refused;

  BulkReaderTest() {
    System.out.println("seed " + SEED);
  }

  @Test
  void itTakesExactlyTheEventsThatFullDecodingTakes() throws Exception {
    Class<?>[] bodies = Body.class.getPermittedSubclasses();
    byte[] other = event(bodies[0]);
    for (int round = 0; round < ROUNDS; round += 10) {
      byte[] event = event(bodies[(round / 10) % bodies.length]);
      for (int i = 0; i < 10; i++) {
        compareEvent(i == 0 ? event : mutated(event, other), round);
      }
      other = event;
    }
    assertBothHappened();
  }

  @Test
  void itTakesExactlyTheEarlierEventsThatFullDecodingTakes() throws Exception {
    List<Schema> schemas = Formats.EVENT.schemas();
    for (Schema earlier : schemas.subList(1, schemas.size())) {
      byte[] other = event(Body.Genesis.class);
      for (int round = 0; round < ROUNDS; round += 10) {
        byte[] event = earlier(earlier);
        for (int i = 0; i < 10; i++) {
          compareEvent(i == 0 ? event : mutated(event, other), round);
        }
        compareEvent(withHeaderOf(schemas.getFirst(), event), round);
        compareEvent(withHeaderOf(earlier, other), round);
        other = random.nextBoolean() ? event : event(anyBody());
      }
      assertBothHappened();
    }
  }

  private Class<?> anyBody() {
    Class<?>[] bodies = Body.class.getPermittedSubclasses();
    return bodies[random.nextInt(bodies.length)];
  }

  private byte[] earlier(Schema schema) throws ReflectiveOperationException {
    byte[] event = null;
    while (event == null) {
      event = EarlierEvents.of(event(anyBody()), schema);
    }
    return event;
  }

  /** What was written in one schema, with another one named. */
  private static byte[] withHeaderOf(Schema schema, byte[] event) {
    byte[] renamed = event.clone();
    System.arraycopy(EarlierEvents.header(schema), 0, renamed, 0, RecordFormat.HEADER_BYTES);
    return renamed;
  }

  @Test
  void itTakesExactlyTheEnvelopesThatFullDecodingTakes() throws Exception {
    byte[] other = envelope();
    for (int round = 0; round < ROUNDS; round += 10) {
      byte[] envelope = envelope();
      for (int i = 0; i < 10; i++) {
        compareEnvelope(i == 0 ? envelope : mutated(envelope, other), round);
      }
      other = envelope;
    }
    assertBothHappened();
  }

  private void assertBothHappened() {
    assertThat(taken).as("seed %d", SEED).isGreaterThan(ROUNDS / 10);
    assertThat(refused).as("seed %d", SEED).isGreaterThan(ROUNDS / 10);
  }

  private byte[] event(Class<?> body) throws ReflectiveOperationException {
    RandomRecords records = new RandomRecords(random.nextLong());
    Event e = records.of(Event.class);
    return Formats.EVENT.encode(
        new Event(
            e.salt(),
            e.id(),
            e.occurredAt(),
            e.observedAt(),
            e.source(),
            e.host(),
            e.actor(),
            e.session(),
            e.prompt(),
            e.toolCall(),
            e.toolProvider(),
            e.trace(),
            e.delegation(),
            e.project(),
            e.resources(),
            e.action(),
            e.outcome(),
            e.outcomeReason(),
            e.identifiers(),
            e.redactions(),
            e.content(),
            e.contentKey(),
            e.contentOmitted(),
            (Body) records.of(body)));
  }

  private byte[] envelope() throws ReflectiveOperationException {
    return Formats.ENVELOPE.encode(new RandomRecords(random.nextLong()).of(Envelope.class));
  }

  /** One to three changes: bits, bytes, cuts, splices, and numbers written longer than needed. */
  private byte[] mutated(byte[] good, byte[] other) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : behindHeader(bytes);
      bytes =
          switch (random.nextInt(8)) {
            case 0 -> set(bytes, at, (byte) (bytes[at] ^ (1 << random.nextInt(8))));
            case 1 -> set(bytes, at, (byte) random.nextInt());
            case 2 -> set(bytes, at, (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1)));
            case 3 -> Arrays.copyOf(bytes, Math.max(1, at));
            case 4 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(12));
            case 5 -> spliced(bytes, at, other);
            case 6 -> inserted(bytes, at, new byte[] {(byte) (bytes[at] | 0x80), 0});
            default -> inserted(bytes, at, new byte[] {-1, -1, -1, -1, (byte) random.nextInt()});
          };
    }
    return bytes;
  }

  private int behindHeader(byte[] bytes) {
    return Math.min(bytes.length - 1, 10 + random.nextInt(Math.max(1, bytes.length - 10)));
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  private byte[] spliced(byte[] bytes, int at, byte[] other) {
    int from = random.nextInt(other.length);
    int length = random.nextInt(Math.min(40, other.length - from) + 1);
    byte[] joined = Arrays.copyOf(bytes, at + length + Math.max(0, bytes.length - at - length));
    System.arraycopy(other, from, joined, at, length);
    return joined;
  }

  /** Puts {@code put} in place of the byte at {@code at}. */
  private static byte[] inserted(byte[] bytes, int at, byte[] put) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + put.length - 1);
    System.arraycopy(put, 0, longer, at, put.length);
    System.arraycopy(bytes, at + 1, longer, at + put.length, bytes.length - at - 1);
    return longer;
  }

  private void compareEvent(byte[] bytes, int round) {
    Event full = decoded(Formats.EVENT, bytes);
    byte[] within = Arrays.copyOf(new byte[] {7, 7, 7}, bytes.length + 9);
    System.arraycopy(bytes, 0, within, 3, bytes.length);
    EventView view = bulk.event(within, 3, bytes.length);
    count(full);
    assertThat(view == null).as("seed %d round %d", SEED, round).isEqualTo(full == null);
    if (full != null && view != null) {
      assertThat(view.observedAt()).isEqualTo(full.observedAt());
      assertThat(view.type()).isEqualTo(full.type());
      boolean decisive =
          full.body() instanceof Body.Genesis
              || full.body() instanceof Body.CollectorStopped
              || full.body() instanceof Body.KeyRotated
              || full.body() instanceof Body.KeyRevoked;
      assertThat(view.body()).isEqualTo(decisive ? full.body() : null);
    }
  }

  private void compareEnvelope(byte[] bytes, int round) {
    Envelope full = decoded(Formats.ENVELOPE, bytes);
    byte[] within = Arrays.copyOf(new byte[] {7, 7, 7}, bytes.length + 9);
    System.arraycopy(bytes, 0, within, 3, bytes.length);
    BulkReader.InPlace view = bulk.envelope(within, 3, bytes.length);
    count(full);
    assertThat(view == null).as("seed %d round %d", SEED, round).isEqualTo(full == null);
    if (full != null && view != null) {
      assertThat(view.whole()).isEqualTo(full);
      assertThat(view.chain()).isEqualTo(full.chain());
      assertThat(view.sequence()).isEqualTo(full.sequence());
      assertThat(view.previous()).isEqualTo(full.previous());
      assertThat(view.event()).isEqualTo(full.event());
      assertThat(view.sealFirst()).isEqualTo(full.sealFirst());
      assertThat(view.sealSize()).isEqualTo(full.sealSize());
      assertThat(view.key()).isEqualTo(full.key());
      assertThat(view.signature()).isEqualTo(full.signature());
      assertThat(hashes(view.path())).isEqualTo(hashes(full.path()));
    }
  }

  private static byte[] hashes(dev.custody.chain.EnvelopeView.Path path) {
    return Arrays.copyOfRange(path.bytes(), path.at(), path.at() + 32 * path.length());
  }

  private void count(@Nullable Object full) {
    if (full == null) {
      refused++;
    } else {
      taken++;
    }
  }

  private static <T> @Nullable T decoded(RecordFormat<T> format, byte[] bytes) {
    try {
      return format.decode(bytes);
    } catch (WireException e) {
      return null;
    }
  }
}
