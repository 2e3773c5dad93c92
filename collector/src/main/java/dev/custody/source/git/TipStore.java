package dev.custody.source.git;

import org.jspecify.annotations.Nullable;

/** Keeps small values over restarts. Used by one thread at a time. */
public interface TipStore {
  /** What was put under {@code name}, null if nothing was. */
  byte @Nullable [] get(String name);

  /** Keeps {@code value} under {@code name}; it is durable when this returns. */
  void put(String name, byte[] value);
}
