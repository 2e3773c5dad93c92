package dev.custody.evidence;

import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.evidence.BundleFailure.Where;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import dev.custody.wire.WireException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a chain segment; {@code docs/evidence.md}, "Chain segment". */
final class SegmentFile {
  private static final byte[] MAGIC = "custody-chain-v1".getBytes(StandardCharsets.US_ASCII);
  private static final int WITHHELD = 0;
  private static final int DISCLOSED = 1;

  private SegmentFile() {}

  /** A position of a segment: one of the two is there. */
  record Position(long sequence, @Nullable Envelope disclosed, @Nullable Digest withheld) {}

  static void write(Evidence.Segment segment, OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.write(MAGIC);
    out.write(segment.chain().toByteArray());
    out.writeLong(segment.count());
    for (long sequence = 0; sequence < segment.count(); sequence++) {
      Envelope envelope = segment.disclosed(sequence);
      if (envelope == null) {
        out.writeByte(WITHHELD);
        out.write(segment.withheld(sequence).toByteArray());
      } else {
        byte[] encoded = Formats.ENVELOPE.encode(envelope);
        out.writeByte(DISCLOSED);
        out.writeInt(encoded.length);
        out.write(encoded);
      }
    }
    out.flush();
  }

  /** Reads one segment, position by position. */
  static final class Reader {
    private final DataInputStream in;
    private final Where where;
    private final ChainId chain;
    private final long count;
    private long next;

    Reader(Member member, InputStream from) throws IOException, Refusal {
      this.in = new DataInputStream(from);
      this.where = Where.of(member);
      this.chain = member.chainId();
      if (!Arrays.equals(bytes(MAGIC.length), MAGIC)) {
        throw bad(0, "a chain segment (custody-chain-v1)", "another file");
      }
      if (!Arrays.equals(bytes(ChainId.SIZE), chain.toByteArray())) {
        throw bad(0, "the segment of chain " + chain, "that of another");
      }
      this.count = ByteBuffer.wrap(bytes(Long.BYTES)).getLong();
      if (count < 1) {
        throw bad(0, "at least one position", Long.toUnsignedString(count));
      }
    }

    /** Number of positions. */
    long count() {
      return count;
    }

    /** The next position; null after the last one, when nothing follows. */
    @Nullable Position next() throws IOException, Refusal {
      if (next == count) {
        if (in.read() >= 0) {
          throw bad(next, "nothing after the last position", "more bytes");
        }
        return null;
      }
      int kind = Byte.toUnsignedInt(bytes(1)[0]);
      boolean ends = next == 0 || next == count - 1;
      if (kind == WITHHELD && !ends) {
        return new Position(next++, null, new Digest(bytes(Digest.SIZE)));
      }
      if (kind != DISCLOSED) {
        throw bad(
            next, ends ? "a disclosed event" : "a withheld or a disclosed event", "kind " + kind);
      }
      return new Position(next, envelope(next++), null);
    }

    private Envelope envelope(long sequence) throws IOException, Refusal {
      int length = ByteBuffer.wrap(bytes(Integer.BYTES)).getInt();
      if (length < 0 || length > RecordFormat.MAX_RECORD_BYTES) {
        throw bad(
            sequence,
            "an envelope of at most %d bytes".formatted(RecordFormat.MAX_RECORD_BYTES),
            Integer.toUnsignedString(length) + " bytes");
      }
      byte[] encoded = bytes(length);
      try {
        Envelope envelope = Formats.ENVELOPE.decode(encoded);
        if (!Arrays.equals(Formats.ENVELOPE.encode(envelope), encoded)) {
          throw bad(sequence, "the shortest encoding of an envelope", "another one");
        }
        if (!envelope.chain().equals(chain) || envelope.sequence() != sequence) {
          throw bad(
              sequence,
              "the envelope of %s#%d".formatted(chain.shortHex(), sequence),
              "that of %s#%d".formatted(envelope.chain().shortHex(), envelope.sequence()));
        }
        return envelope;
      } catch (WireException e) {
        throw bad(sequence, "an envelope", String.valueOf(e.getMessage()));
      }
    }

    private byte[] bytes(int length) throws IOException, Refusal {
      byte[] bytes = new byte[length];
      try {
        in.readFully(bytes);
        return bytes;
      } catch (EOFException e) {
        throw bad(next, length + " more bytes", "the end");
      }
    }

    private Refusal bad(long sequence, String expected, String found) {
      return new Refusal(new BundleFailure.BadMember(where.at(sequence), expected, found));
    }
  }
}
