package dev.custody.audit;

import dev.custody.topic.Topic;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The fixed part of a stored batch (Kafka's message format 2), read without believing it. Its first
 * 21 bytes are outside the batch's CRC, so each of them is checked against what surrounds it.
 */
record BatchHeader(
    long baseOffset, int length, int leaderEpoch, byte magic, short attributes, int lastDelta) {
  /** Bytes of the whole header. */
  static final int SIZE = 61;

  /** Bytes that {@link #length} does not count. */
  static final int OVERHEAD = 12;

  static final int LENGTH_AT = 8;
  static final int MAGIC_AT = 16;
  private static final int EPOCH_AT = 12;
  private static final int ATTRIBUTES_AT = 21;

  /** Where the bytes begin that the CRC covers. */
  static final int CRC_FROM = ATTRIBUTES_AT;

  private static final int LAST_DELTA_AT = 23;

  /** Far more than a topic of Custody takes; it only bounds what a damaged length allocates. */
  private static final int MAX_LENGTH = 8 * Topic.MAX_MESSAGE_BYTES;

  /** Reads the header at {@code at}; {@link #SIZE} bytes are there. */
  static BatchHeader at(ByteBuffer bytes, int at) {
    return new BatchHeader(
        bytes.getLong(at),
        bytes.getInt(at + LENGTH_AT),
        bytes.getInt(at + EPOCH_AT),
        bytes.get(at + MAGIC_AT),
        bytes.getShort(at + ATTRIBUTES_AT),
        bytes.getInt(at + LAST_DELTA_AT));
  }

  boolean lengthIsPossible() {
    return length >= SIZE - OVERHEAD && length <= MAX_LENGTH;
  }

  boolean isPossible() {
    return baseOffset >= 0 && magic == RecordBatch.MAGIC_VALUE_V2 && lengthIsPossible();
  }

  /** Kafka's number of a compression; damage makes numbers that Kafka does not know. */
  int compression() {
    return attributes & 0x07;
  }

  boolean isCompressed() {
    return compression() != 0;
  }

  /** Bytes of the batch with its header, as it says. */
  int size() {
    return OVERHEAD + length;
  }
}
