package dev.custody.capture;

import org.jspecify.annotations.Nullable;

/** Where a source notes how far it read, so that it goes on there after a restart. */
public interface SourceNotes {
  /** What was noted under {@code name}, or null. */
  byte @Nullable [] get(String name) throws CaptureException;

  /** Notes {@code value} under {@code name}, durably, in place of what was there. */
  void put(String name, byte[] value) throws CaptureException;
}
