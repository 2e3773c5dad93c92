package dev.custody.wire;

import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventView;
import java.time.Instant;
import java.util.Arrays;
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

  /** By the index of the event's schema. */
  private static final Outline[] OUTLINES =
      Formats.EVENT.schemas().stream().map(Outline::of).toArray(Outline[]::new);

  static {
    if (Formats.ENVELOPE.schemas().size() > 1) {
      throw new IllegalStateException(
          "expected one schema of the envelope: only that is read here");
    }
  }

  private final AvroCursor cursor = new AvroCursor();
  private ChainId lastChain = new ChainId(new byte[ChainId.SIZE]);
  private KeyId lastKey = new KeyId(new byte[KeyId.SIZE]);
  private SignatureBytes lastSignature = new SignatureBytes(new byte[SignatureBytes.SIZE]);

  /** The parts of an event schema between what is looked at, and the kinds of its body. */
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
    int schema = Formats.EVENT.schemaOf(bytes, from, length);
    return schema == RecordFormat.UNKNOWN ? null : event(OUTLINES[schema], bytes, from, length);
  }

  private @Nullable EventView event(Outline outline, byte[] bytes, int from, int length) {
    cursor.over(bytes, from + RecordFormat.HEADER_BYTES, length - RecordFormat.HEADER_BYTES);
    if (!outline.before().go(cursor) || !cursor.readLong()) {
      return null;
    }
    long observedAt = cursor.number();
    if (!outline.between().go(cursor) || !cursor.readIndex(outline.branches().size())) {
      return null;
    }
    int branch = (int) cursor.number();
    if (!outline.branches().get(branch).go(cursor) || !cursor.isAtEnd()) {
      return null;
    }
    return outline.decisive().get(branch)
        ? decoded(new Bytes(bytes, from, length))
        : new Outlined(Instant.ofEpochMilli(observedAt), outline.types().get(branch));
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
  public @Nullable InPlace envelope(byte[] bytes, int from, int length) {
    if (Formats.ENVELOPE.schemaOf(bytes, from, length) != RecordFormat.PRESENT) {
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
    int eventLength = (int) c.number();
    int event = c.at() - eventLength;
    if (!c.readLong()) {
      return null;
    }
    long sealFirst = c.number();
    if (!c.readInt()) {
      return null;
    }
    int sealSize = (int) c.number();
    EnvelopeView.Path path = path(bytes);
    int key = c.at();
    if (path == null || !c.skip(KeyId.SIZE + SignatureBytes.SIZE) || !c.isAtEnd()) {
      return null;
    }
    return new InPlace(
        bytes,
        new Span(from, length),
        chain(bytes, chain),
        sequence,
        new Digest(bytes, previous),
        new Span(event, eventLength),
        sealFirst,
        sealSize,
        path,
        key(bytes, key),
        signature(bytes, key + KeyId.SIZE));
  }

  /** The path's hashes; where they lie apart, in several of Avro's blocks, a copy. */
  private EnvelopeView.@Nullable Path path(byte[] bytes) {
    EnvelopeView.Path path = new EnvelopeView.Path(bytes, 0, 0);
    while (cursor.readItems(path.length())) {
      int items = (int) cursor.number();
      if (items == 0) {
        return path;
      }
      int at = cursor.at();
      if (!cursor.skip((long) items * Digest.SIZE)) {
        return null;
      }
      path =
          path.length() == 0
              ? new EnvelopeView.Path(bytes, at, items)
              : join(path, bytes, at, items);
    }
    return null;
  }

  private static EnvelopeView.Path join(EnvelopeView.Path path, byte[] bytes, int at, int items) {
    int before = path.length() * Digest.SIZE;
    byte[] joined = Arrays.copyOfRange(path.bytes(), path.at(), path.at() + before);
    joined = Arrays.copyOf(joined, before + items * Digest.SIZE);
    System.arraycopy(bytes, at, joined, before, items * Digest.SIZE);
    return new EnvelopeView.Path(joined, 0, path.length() + items);
  }

  // Neighbours share them, and whoever remembers one must not hold on to what was read.

  private ChainId chain(byte[] bytes, int at) {
    lastChain = lastChain.isAt(bytes, at) ? lastChain : new ChainId(bytes, at);
    return lastChain;
  }

  private KeyId key(byte[] bytes, int at) {
    lastKey = lastKey.isAt(bytes, at) ? lastKey : new KeyId(bytes, at);
    return lastKey;
  }

  private SignatureBytes signature(byte[] bytes, int at) {
    lastSignature = lastSignature.isAt(bytes, at) ? lastSignature : new SignatureBytes(bytes, at);
    return lastSignature;
  }

  private record Span(int at, int length) {}

  /** An envelope that lies in a larger array; only what it gives out is copied. */
  public static final class InPlace implements EnvelopeView {
    private final byte[] bytes;
    private final Span span;
    private final ChainId chain;
    private final long sequence;
    private final Digest previous;
    private final Span event;
    private final long sealFirst;
    private final int sealSize;
    private final Path path;
    private final KeyId key;
    private final SignatureBytes signature;

    private InPlace(
        byte[] bytes,
        Span span,
        ChainId chain,
        long sequence,
        Digest previous,
        Span event,
        long sealFirst,
        int sealSize,
        Path path,
        KeyId key,
        SignatureBytes signature) {
      this.bytes = bytes;
      this.span = span;
      this.chain = chain;
      this.sequence = sequence;
      this.previous = previous;
      this.event = event;
      this.sealFirst = sealFirst;
      this.sealSize = sealSize;
      this.path = path;
      this.key = key;
      this.signature = signature;
    }

    /** Where the event begins in the array. */
    public int eventAt() {
      return event.at();
    }

    /** How long the event is. */
    public int eventLength() {
      return event.length();
    }

    @Override
    public ChainId chain() {
      return chain;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public Digest previous() {
      return previous;
    }

    @Override
    public Bytes event() {
      return new Bytes(bytes, event.at(), event.length());
    }

    @Override
    public long sealFirst() {
      return sealFirst;
    }

    @Override
    public int sealSize() {
      return sealSize;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public KeyId key() {
      return key;
    }

    @Override
    public SignatureBytes signature() {
      return signature;
    }

    @Override
    public Envelope whole() {
      try {
        return Formats.ENVELOPE.decode(
            Arrays.copyOfRange(bytes, span.at(), span.at() + span.length()));
      } catch (WireException e) {
        throw new IllegalStateException("an envelope does not decode again: " + e.getMessage(), e);
      }
    }
  }
}
