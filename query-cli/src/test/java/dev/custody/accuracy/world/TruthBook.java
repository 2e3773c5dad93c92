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
  private final Clues clues = new Clues();
  private final List<Granted> granted = new ArrayList<>();
  private int unrecorded;

  /** What the sources recorded that may lead to who did something. */
  public Clues clues() {
    return clues;
  }

  /** Enters an act. */
  public synchronized void add(Truth truth) {
    all.add(truth);
    if (truth.kind() == Truth.Kind.COMMIT) {
      commits.putIfAbsent(commitOf(truth.key()), truth);
    }
  }

  /** Enters a delegation. */
  public synchronized void add(Granted delegation) {
    granted.add(delegation);
  }

  /** All delegations. */
  public synchronized List<Granted> granted() {
    return List.copyOf(granted);
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
    return all.stream()
        .map(t -> clues.leadToSeveral(t.key()) ? t.linkedBy(t.link().shared()) : t)
        .toList();
  }

  /** How many acts no source records. */
  public synchronized int unrecordedActs() {
    return unrecorded;
  }

  private static String commitOf(String key) {
    return key.substring(key.lastIndexOf('#') + 1);
  }
}
