package dev.custody.local;

import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.source.git.TipStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The git watcher's notes, in the collector's spool. */
record NotedTips(SourceNotes notes) implements TipStore {
  @Override
  public byte @Nullable [] get(String name) {
    try {
      return notes.get("git/" + name);
    } catch (CaptureException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }

  @Override
  public void put(String name, byte[] value) {
    try {
      notes.put("git/" + name, value);
    } catch (CaptureException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }
}
