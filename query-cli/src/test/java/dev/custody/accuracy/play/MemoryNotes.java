package dev.custody.accuracy.play;

import dev.custody.capture.SourceNotes;
import dev.custody.source.git.TipStore;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What sources note, for as long as the process runs. */
final class MemoryNotes implements SourceNotes, TipStore {
  private final ConcurrentSkipListMap<String, byte[]> kept = new ConcurrentSkipListMap<>();

  @Override
  public byte @Nullable [] get(String name) {
    return kept.get(name);
  }

  @Override
  public void put(String name, byte[] value) {
    kept.put(name, value.clone());
  }

  @Override
  public SortedMap<String, byte[]> all(String prefix) {
    SortedMap<String, byte[]> found = new TreeMap<>();
    kept.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  @Override
  public void remove(String name) {
    kept.remove(name);
  }
}
