package dev.custody.capture;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a source remembers over a restart, for example how far it read. */
public interface SourceNotes {
  /** What was noted under {@code name}, or null. */
  byte @Nullable [] get(String name) throws CaptureException;

  /** Notes {@code value} under {@code name}, durably, in place of what was there. */
  void put(String name, byte[] value) throws CaptureException;

  /** All notes whose name begins with {@code prefix}, by what stands behind it. */
  SortedMap<String, byte[]> all(String prefix) throws CaptureException;

  /** Forgets what was noted under {@code name}, durably. */
  void remove(String name) throws CaptureException;
}
