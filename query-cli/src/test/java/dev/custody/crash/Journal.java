package dev.custody.crash;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was sent, and what was answered. */
final class Journal {
  private final Set<String> calls = ConcurrentHashMap.newKeySet();
  private final Set<String> imports = ConcurrentHashMap.newKeySet();
  private final Map<Integer, AtomicLong> refused = new ConcurrentHashMap<>();
  private final AtomicLong unanswered = new AtomicLong();
  private volatile Runnable onAnswer = () -> {};

  /** A hook of the tool call {@code id} was answered with {@code status}. */
  void answered(String id, int status) {
    if (status == 200) {
      calls.add(id);
      onAnswer.run();
    } else {
      refused(status);
    }
  }

  /** All of {@code ids} were answered with 200 in the end. */
  void imported(Set<String> ids) {
    imports.addAll(ids);
  }

  void refused(int status) {
    refused.computeIfAbsent(status, _ -> new AtomicLong()).incrementAndGet();
  }

  void unanswered() {
    unanswered.incrementAndGet();
  }

  /** Has {@code action} run by whoever notes an answer, at once. */
  void onAnswer(Runnable action) {
    onAnswer = action;
  }

  int answers() {
    return calls.size();
  }

  /** Refusals with {@code status}. */
  long refusals(int status) {
    return refusals().getOrDefault(status, 0L);
  }

  /** Refusals by status. */
  Map<Integer, Long> refusals() {
    Map<Integer, Long> counts = new TreeMap<>();
    refused.forEach((status, count) -> counts.put(status, count.get()));
    return counts;
  }

  Set<String> calls() {
    return new TreeSet<>(calls);
  }

  Set<String> imports() {
    return new TreeSet<>(imports);
  }

  @Override
  public String toString() {
    return "%d hooks answered 200, %d records imported, %d requests unanswered, refused %s"
        .formatted(calls.size(), imports.size(), unanswered.get(), refusals());
  }
}
