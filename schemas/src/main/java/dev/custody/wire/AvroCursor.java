package dev.custody.wire;

/**
 * Walks Avro binary without decoding it. What it refuses is what Avro's own decoder refuses, and
 * nothing else; {@code SkimTest} compares the two. A method that answers false has met bytes that
 * are not what it was asked for, and leaves the cursor anywhere.
 *
 * <p>Not safe for use by several threads.
 */
final class AvroCursor {
  private static final int MAX_ITEMS = 65_536;
  private static final int LONG_BYTES = 10;
  private static final int INT_BYTES = 5;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private long number;

  /** Begins at {@code from}. */
  void over(byte[] source, int from, int length) {
    bytes = source;
    at = from;
    end = from + length;
  }

  int at() {
    return at;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** The last number read. */
  long number() {
    return number;
  }

  boolean readLong() {
    if (at < end && bytes[at] >= 0) {
      number = signed(bytes[at++]);
      return true;
    }
    long raw = 0;
    for (int i = 0; i < LONG_BYTES && at < end; i++) {
      byte b = bytes[at++];
      // The bits of the tenth byte that do not fit are dropped, as Avro drops them.
      raw ^= (b & 0x7fL) << (7 * i);
      if (b >= 0) {
        number = (raw >>> 1) ^ -(raw & 1);
        return true;
      }
    }
    return false;
  }

  boolean readInt() {
    if (at < end && bytes[at] >= 0) {
      number = signed(bytes[at++]);
      return true;
    }
    int raw = 0;
    for (int i = 0; i < INT_BYTES && at < end; i++) {
      byte b = bytes[at++];
      raw ^= (b & 0x7f) << (7 * i);
      if (b >= 0) {
        number = signed(raw);
        return true;
      }
    }
    return false;
  }

  private static int signed(int zigzag) {
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** Goes over {@code length} bytes. */
  boolean skip(long length) {
    if (length < 0 || length > end - at) {
      return false;
    }
    at += (int) length;
    return true;
  }

  /** Goes over a length and as many bytes; the length is the number then. */
  boolean skipBlob() {
    return readLong() && skip(number);
  }

  /** Reads the number of an enumeration's symbol or a union's branch, one of {@code count}. */
  boolean readIndex(int count) {
    return readInt() && number >= 0 && number < count;
  }

  /**
   * Reads how many items of an array follow; 0 ends it.
   *
   * @param before items of it so far
   */
  boolean readItems(long before) {
    if (!readLong()) {
      return false;
    }
    long items = number;
    if (items < 0) {
      // The block's size in bytes follows; Avro wants it not negative and else ignores it.
      if (items == Long.MIN_VALUE || !readLong() || number < 0) {
        return false;
      }
      items = -items;
    }
    number = items;
    return items <= MAX_ITEMS - before;
  }
}
