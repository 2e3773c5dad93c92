package dev.custody.wire;

import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads envelopes and events by the million. It takes exactly the bytes that {@link
 * Formats#ENVELOPE} and {@link Formats#EVENT} take, checks every one of them, and builds no more
 * than verification needs. Where it answers null, {@link RecordFormat#decode} says what is wrong.
 *
 * <p>Not safe for use by several threads.
 */
public final class BulkReader {
  /** Kinds that decide about a chain: their bodies are decoded. */
  private static final Set<Class<? extends Body>> DECISIVE =
      Set.of(
          Body.Genesis.class,
          Body.CollectorStopped.class,
          Body.KeyRotated.class,
          Body.KeyRevoked.class);

  private static final Outline OUTLINE = Outline.of(Formats.EVENT.schema());

  private final AvroCursor cursor = new AvroCursor();

  /** The parts of the event schema between what is looked at, and the kinds of its body. */
  private record Outline(
      Walk before, Walk between, List<Walk> branches, List<String> types, List<Boolean> decisive) {
    static Outline of(Schema event) {
      List<Schema> fields = event.getFields().stream().map(Schema.Field::schema).toList();
      int observedAt = event.getField("observedAt").pos();
      int body = event.getField("body").pos();
      if (body != fields.size() - 1) {
        throw new IllegalStateException("expected the body as the event's last field");
      }
      List<Schema> branches = fields.get(body).getTypes();
      List<String> types = branches.stream().map(Schema::getName).toList();
      return new Outline(
          Walk.over(fields.subList(0, observedAt)),
          Walk.over(fields.subList(observedAt + 1, body)),
          branches.stream().map(b -> Walk.over(List.of(b))).toList(),
          types,
          types.stream()
              .map(t -> DECISIVE.stream().anyMatch(d -> d.getSimpleName().equals(t)))
              .toList());
    }
  }

  private record Outlined(Instant observedAt, String type) implements EventView {
    @Override
    public @Nullable Body body() {
      return null;
    }
  }

  /**
   * The event in {@code length} bytes from {@code from} on, or null when they are none. A kind that
   * decides about a chain comes as an {@link Event}.
   */
  public @Nullable EventView event(byte[] bytes, int from, int length) {
    if (!Formats.EVENT.hasHeader(bytes, from, length)) {
      return null;
    }
    cursor.over(bytes, from + RecordFormat.HEADER_BYTES, length - RecordFormat.HEADER_BYTES);
    if (!OUTLINE.before().go(cursor) || !cursor.readLong()) {
      return null;
    }
    long observedAt = cursor.number();
    if (!OUTLINE.between().go(cursor) || !cursor.readIndex(OUTLINE.branches().size())) {
      return null;
    }
    int branch = (int) cursor.number();
    if (!OUTLINE.branches().get(branch).go(cursor) || !cursor.isAtEnd()) {
      return null;
    }
    return OUTLINE.decisive().get(branch)
        ? decoded(new Bytes(bytes, from, length))
        : new Outlined(Instant.ofEpochMilli(observedAt), OUTLINE.types().get(branch));
  }

  private static @Nullable Event decoded(Bytes event) {
    try {
      return Formats.EVENT.decode(event.toByteArray());
    } catch (WireException e) {
      // Whoever gets null decodes it again, and tells.
      return null;
    }
  }

  /** The envelope in {@code length} bytes from {@code from} on, or null when they are none. */
  public @Nullable Envelope envelope(byte[] bytes, int from, int length) {
    if (!Formats.ENVELOPE.hasHeader(bytes, from, length)) {
      return null;
    }
    AvroCursor c = cursor;
    c.over(bytes, from + RecordFormat.HEADER_BYTES, length - RecordFormat.HEADER_BYTES);
    int chain = c.at();
    if (!c.skip(ChainId.SIZE) || !c.readLong()) {
      return null;
    }
    long sequence = c.number();
    int previous = c.at();
    if (!c.skip(Digest.SIZE) || !c.skipBlob()) {
      return null;
    }
    int eventSize = (int) c.number();
    int event = c.at() - eventSize;
    if (!c.readLong()) {
      return null;
    }
    long sealFirst = c.number();
    if (!c.readInt()) {
      return null;
    }
    int sealSize = (int) c.number();
    List<Digest> path = path(bytes);
    int key = c.at();
    if (path == null || !c.skip(KeyId.SIZE + SignatureBytes.SIZE) || !c.isAtEnd()) {
      return null;
    }
    return new Envelope(
        new ChainId(bytes, chain),
        sequence,
        new Digest(bytes, previous),
        new Bytes(bytes, event, eventSize),
        sealFirst,
        sealSize,
        path,
        new KeyId(bytes, key),
        new SignatureBytes(bytes, key + KeyId.SIZE));
  }

  private @Nullable List<Digest> path(byte[] bytes) {
    List<Digest> path = List.of();
    while (cursor.readItems(path.size())) {
      int items = (int) cursor.number();
      if (items == 0) {
        return path;
      }
      int at = cursor.at();
      if (!cursor.skip((long) items * Digest.SIZE)) {
        return null;
      }
      Digest[] block = new Digest[items];
      for (int i = 0; i < items; i++) {
        block[i] = new Digest(bytes, at + i * Digest.SIZE);
      }
      path =
          path.isEmpty()
              ? List.of(block)
              : java.util.stream.Stream.concat(path.stream(), java.util.Arrays.stream(block))
                  .toList();
    }
    return null;
  }
}
