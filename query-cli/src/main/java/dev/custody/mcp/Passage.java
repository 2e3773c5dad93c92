package dev.custody.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What passed, as it is recorded.
 *
 * @param from client, server or wrapper
 * @param at by this machine's clock, in milliseconds
 * @param bytes the message as sent; null where only {@code facts} are left of it
 * @param facts what else is said of it
 * @param ask its answer, when it waits for one
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes that nobody changes or compares.
record Passage(
    long sequence,
    String from,
    long at,
    byte @Nullable [] bytes,
    Map<String, Object> facts,
    @Nullable Ask ask) {
  static final String CLIENT = "client";
  static final String SERVER = "server";
  static final String WRAPPER = "wrapper";

  /** Roughly what it takes in memory beside its bytes. */
  static final long SIZE = 256;

  /** Roughly what it takes in memory. */
  long size() {
    return SIZE + (bytes == null ? 0 : bytes.length);
  }

  /** Once nobody waits for it any more it is recorded like any other. */
  Passage withoutAsk() {
    return new Passage(sequence, from, at, bytes, facts, null);
  }
}
