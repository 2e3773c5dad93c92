package dev.custody.accuracy.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that happened. Safe for use by several threads. */
public final class TruthBook {
  private final List<Truth> all = new ArrayList<>();
  private final Map<String, Truth> commits = new HashMap<>();
  private int unrecorded;

  /** Enters an act. */
  public synchronized void add(Truth truth) {
    all.add(truth);
    if (truth.kind() == Truth.Kind.COMMIT) {
      commits.putIfAbsent(commitOf(truth.key()), truth);
    }
  }

  /** Counts an act that no source records. */
  public synchronized void unrecorded() {
    unrecorded++;
  }

  /** The act that made commit {@code id}, in whichever repository it was first. */
  public synchronized Optional<Truth> commit(String id) {
    return Optional.ofNullable(commits.get(id));
  }

  /** All acts that some source records. */
  public synchronized List<Truth> all() {
    return List.copyOf(all);
  }

  /** How many acts no source records. */
  public synchronized int unrecordedActs() {
    return unrecorded;
  }

  private static String commitOf(String key) {
    return key.substring(key.lastIndexOf('#') + 1);
  }
}
