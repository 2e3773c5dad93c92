package dev.custody.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Reject;
import dev.custody.attribution.TraceEdge;
import dev.custody.chain.Envelope;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.Certificate;
import dev.custody.identity.SignedCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RecordFormatTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());

  private static Event event(long seed, Class<?> body) throws ReflectiveOperationException {
    RandomRecords random = new RandomRecords(seed);
    Event e = random.of(Event.class);
    return new Event(
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
        (Body) random.of(body));
  }

  @TestFactory
  Stream<DynamicTest> everyKindOfBodyComesBackTheSame() {
    return Arrays.stream(Body.class.getPermittedSubclasses())
        .map(body ->
            DynamicTest.dynamicTest(
                body.getSimpleName(),
                () -> {
                  for (int round = 0; round < 20; round++) {
                    Event event = event(SEED + round, body);
                    byte[] bytes = Formats.EVENT.encode(event);
                    assertThat(Formats.EVENT.decode(bytes))
                        .as("seed %d", SEED + round)
                        .isEqualTo(event);
                    assertThat(Formats.EVENT.encode(Formats.EVENT.decode(bytes))).isEqualTo(bytes);
                  }
                }));
  }

  @Test
  void everyOtherRecordComesBackTheSame() throws Exception {
    for (int round = 0; round < 50; round++) {
      returns(Formats.ENVELOPE, Envelope.class, SEED + round);
      returns(Formats.CERTIFICATE, Certificate.class, SEED + round);
      returns(Formats.SIGNED_CERTIFICATE, SignedCertificate.class, SEED + round);
      returns(Formats.ATTRIBUTION, Attribution.class, SEED + round);
      returns(Formats.EDGE, TraceEdge.class, SEED + round);
      returns(Formats.REJECT, Reject.class, SEED + round);
    }
  }

  private static <T> void returns(RecordFormat<T> format, Class<T> type, long seed)
      throws Exception {
    T value = new RandomRecords(seed).of(type);
    assertThat(format.decode(format.encode(value))).as("seed %d", seed).isEqualTo(value);
  }

  @Test
  void aRecordCutAtAnyByteIsRefused() throws Exception {
    byte[] event = Formats.EVENT.encode(event(SEED, Body.CommitCreated.class));
    byte[] envelope = Formats.ENVELOPE.encode(new RandomRecords(SEED).of(Envelope.class));
    for (int length = 0; length < event.length; length++) {
      refused(Formats.EVENT, Arrays.copyOf(event, length), "seed %d cut at %d", SEED, length);
    }
    for (int length = 0; length < envelope.length; length++) {
      refused(Formats.ENVELOPE, Arrays.copyOf(envelope, length), "seed %d cut at %d", SEED, length);
    }
  }

  private static void refused(
      RecordFormat<?> format, byte[] bytes, String description, Object... arguments) {
    assertThatThrownBy(() -> format.decode(bytes))
        .as(description, arguments)
        .isInstanceOf(WireException.class);
  }

  @Test
  void bytesAfterTheRecordAreRefused() throws Exception {
    byte[] bytes = Formats.EVENT.encode(event(SEED, Body.Observed.class));
    assertThatThrownBy(() -> Formats.EVENT.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("expected the end of the record, found more bytes");
  }

  @Test
  void anotherRecordsSchemaIsNamedWithTheExpectedOne() throws Exception {
    byte[] bytes = Formats.EVENT.encode(event(SEED, Body.Observed.class));
    Envelope envelope = new RandomRecords(SEED).of(Envelope.class);
    assertThatThrownBy(() -> Formats.ENVELOPE.decode(bytes))
        .isInstanceOf(WireException.class)
        .hasMessage(
            "Envelope: expected schema %016x, found %016x;"
                    .formatted(Formats.ENVELOPE.fingerprint(), Formats.EVENT.fingerprint())
                + " a newer release wrote it or it is another record; try: a newer custody");
    assertThatThrownBy(() -> Formats.ATTRIBUTION.decode(bytes))
        .isInstanceOf(WireException.class)
        .hasMessage(
            "Attribution: expected schema %016x, found %016x; another release wrote it or it is"
                    .formatted(Formats.ATTRIBUTION.fingerprint(), Formats.EVENT.fingerprint())
                + " another record; try: rebuild what is derived (docs/operations.md)");
    assertThatThrownBy(() -> Formats.EVENT.decode(Formats.ENVELOPE.encode(envelope)))
        .isInstanceOf(WireException.class)
        .hasMessage(
            "Event: expected schema 08130ac7ceb2f2f8 or the earlier 8507d270d8bd7e91"
                + " or the earlier 854c006d5cad4805 or the earlier ba307076076cfcea, found f29ecbf71fa91ba0;"
                + " a newer release wrote it or it is another record; try: a newer custody");
    assertThatThrownBy(() -> Formats.EVENT.decode("{\"json\":1}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(WireException.class)
        .hasMessage(
            "Event: expected an Avro single-object header c301, found 7b226a736f6e223a317d");
    assertThatThrownBy(() -> Formats.EVENT.decode(new byte[0]))
        .isInstanceOf(WireException.class)
        .hasMessage("Event: expected an Avro single-object header c301, found nothing");
  }

  @Test
  void aRecordBeyondTheLimitIsNotLookedAt() {
    assertThatThrownBy(() -> Formats.EVENT.decode(new byte[RecordFormat.MAX_RECORD_BYTES + 1]))
        .isInstanceOf(WireException.class)
        .hasMessage("Event: expected at most 2097152 bytes, found 2097153");
  }

  private static byte[] header(RecordFormat<?> format) {
    byte[] header = new byte[10];
    header[0] = (byte) 0xc3;
    header[1] = 1;
    for (int i = 0; i < 8; i++) {
      header[2 + i] = (byte) (format.fingerprint() >>> (8 * i));
    }
    return header;
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long raw = (value << 1) ^ (value >> 63);
    while ((raw & ~0x7fL) != 0) {
      out.write((int) ((raw & 0x7f) | 0x80));
      raw >>>= 7;
    }
    out.write((int) raw);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Every place of an envelope or event that says a length, with lengths that would hurt. */
  private static void hostileLengths() {
    long[] lengths = {
      -1, Long.MIN_VALUE, 65_537, 2_097_153, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE
    };
    for (long length : lengths) {
      byte[] eventBytes = join(header(Formats.ENVELOPE), new byte[16 + 1 + 32], varint(length));
      refused(Formats.ENVELOPE, eventBytes, "event of %d bytes", length);
      byte[] path =
          join(
              header(Formats.ENVELOPE),
              new byte[16 + 1 + 32],
              varint(0),
              varint(0),
              varint(1),
              varint(length));
      refused(Formats.ENVELOPE, path, "path of %d hashes", length);
      byte[] blocks = join(path, varint(length), varint(length));
      refused(Formats.ENVELOPE, blocks, "blocks of %d", length);
      byte[] source = join(header(Formats.EVENT), new byte[32 + 16 + 2], varint(length));
      refused(Formats.EVENT, source, "text of %d bytes", length);
    }
  }

  @Test
  void hostileLengthsAreRefusedBeforeAnythingIsAllocated() throws Exception {
    hostileLengths();
    Process small =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RecordFormatTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(small.waitFor()).as(output).isZero();
    assertThat(output).contains("survived");
  }

  /** The same in a process of 24 MiB. */
  public static void main(String[] args) {
    hostileLengths();
    System.out.println("survived");
  }

  @Test
  void noBytesEverMakeAnythingButARecordOrAWireException() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      boolean ofEvent = round % 2 == 0;
      RecordFormat<?> format = ofEvent ? Formats.EVENT : Formats.ENVELOPE;
      RandomRecords parts = new RandomRecords(SEED + round / 100);
      byte[] bytes =
          ofEvent
              ? Formats.EVENT.encode(parts.of(Event.class))
              : Formats.ENVELOPE.encode(parts.of(Envelope.class));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int at = 10 + random.nextInt(bytes.length - 10);
        switch (random.nextInt(4)) {
          case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> bytes[at] = (byte) random.nextInt();
          case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 10), (byte) 0xff);
          default -> bytes = Arrays.copyOf(bytes, Math.max(11, at));
        }
      }
      tryToDecode(format, bytes, round);
    }
  }

  private static void tryToDecode(RecordFormat<?> format, byte[] bytes, int round) {
    try {
      format.decode(bytes);
    } catch (WireException e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + SEED + " round " + round, e);
    }
  }
}
