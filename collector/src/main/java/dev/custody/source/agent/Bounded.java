package dev.custody.source.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/** Maps that forget. */
public final class Bounded {
  private Bounded() {}

  /** Keeps the {@code most} entries that were used last. */
  public static <K, V> Map<K, V> latest(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
