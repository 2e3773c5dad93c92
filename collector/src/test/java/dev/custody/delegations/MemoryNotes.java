package dev.custody.delegations;

import dev.custody.capture.SourceNotes;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Notes that last as long as this object: what a restart finds. */
public final class MemoryNotes implements SourceNotes {
  private final TreeMap<String, byte[]> notes = new TreeMap<>();

  @Override
  public synchronized byte @Nullable [] get(String name) {
    return notes.get(name);
  }

  @Override
  public synchronized void put(String name, byte[] value) {
    notes.put(name, value.clone());
  }

  @Override
  public synchronized SortedMap<String, byte[]> all(String prefix) {
    SortedMap<String, byte[]> found = new TreeMap<>();
    notes.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  @Override
  public synchronized void remove(String name) {
    notes.remove(name);
  }
}
