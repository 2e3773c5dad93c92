package dev.custody.source.git;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.CommitTimeRevFilter;
import org.jspecify.annotations.Nullable;

/** Finds what is new between the tips that were recorded and those of now. Reads no content. */
final class News {
  /** At first sight, what is older is history. */
  static final Duration RECENT = Duration.ofDays(7);

  /** At first sight, no more commits than these. */
  static final int MOST_AT_FIRST = 1000;

  /**
   * A commit that is new.
   *
   * @param reference the tip that led to it
   */
  record Arrival(ObjectId commit, String reference) {}

  private final Repository repository;
  private final @Nullable String current;
  private final Set<String> unreadable = new LinkedHashSet<>();

  /** With the branch whose name a commit bears when several lead to it. */
  News(Repository repository, @Nullable String current) {
    this.repository = repository;
    this.current = current;
  }

  /** Recent commits of a repository that was never seen, parents before children. */
  List<Arrival> atFirstSight(SortedMap<String, ObjectId> now, Instant observedAt)
      throws IOException {
    Instant since = observedAt.minus(RECENT);
    List<Dated> found = new ArrayList<>();
    Set<ObjectId> passed = new LinkedHashSet<>();
    for (Map.Entry<String, ObjectId> tip : ordered(now).entrySet()) {
      try (RevWalk walk = new RevWalk(repository)) {
        walk.setRetainBody(false);
        RevCommit start = commit(walk, tip.getValue());
        if (start == null) {
          unreadable.add(tip.getKey());
          continue;
        }
        if (time(start).isBefore(since)) {
          continue;
        }
        walk.setRevFilter(CommitTimeRevFilter.after(since));
        markAll(walk, passed);
        walk.markStart(start);
        found.addAll(newest(walk, tip.getKey()));
        passed.add(tip.getValue());
      }
    }
    if (found.size() <= MOST_AT_FIRST) {
      return found.stream().map(Dated::arrival).toList();
    }
    Instant oldest =
        found.stream()
            .map(Dated::at)
            .sorted(Comparator.reverseOrder())
            .skip(MOST_AT_FIRST - 1L)
            .findFirst()
            .orElse(since);
    List<Arrival> kept = new ArrayList<>();
    for (Dated dated : found) {
      if (!dated.at.isBefore(oldest) && kept.size() < MOST_AT_FIRST) {
        kept.add(dated.arrival);
      }
    }
    return List.copyOf(kept);
  }

  /** Every commit that no recorded tip led to, parents before children. */
  List<Arrival> since(Tips known, SortedMap<String, ObjectId> now) throws IOException {
    Set<ObjectId> old = new LinkedHashSet<>(known.at().values());
    Map<String, ObjectId> moved = new LinkedHashMap<>(ordered(now));
    moved.values().removeIf(old::contains);
    List<Arrival> found = new ArrayList<>();
    for (Map.Entry<String, ObjectId> tip : moved.entrySet()) {
      try (RevWalk walk = new RevWalk(repository)) {
        walk.setRetainBody(false);
        walk.sort(RevSort.TOPO);
        walk.sort(RevSort.REVERSE, true);
        RevCommit start = commit(walk, tip.getValue());
        if (start == null) {
          unreadable.add(tip.getKey());
          continue;
        }
        walk.markStart(start);
        markAll(walk, old);
        for (RevCommit commit : walk) {
          found.add(new Arrival(commit.copy(), tip.getKey()));
        }
        old.add(tip.getValue());
      }
    }
    return List.copyOf(found);
  }

  /** Tips that were passed over because no commit is there; they may not count as recorded. */
  Set<String> unreadable() {
    return Set.copyOf(unreadable);
  }

  /** The current branch first, for it is the likeliest to have led to a commit. */
  private Map<String, ObjectId> ordered(SortedMap<String, ObjectId> now) {
    Map<String, ObjectId> ordered = new LinkedHashMap<>();
    ObjectId first = current == null ? null : now.get(current);
    if (current != null && first != null) {
      ordered.put(current, first);
    }
    now.forEach(ordered::putIfAbsent);
    return ordered;
  }

  private static List<Dated> newest(RevWalk walk, String reference) throws IOException {
    List<Dated> found = new ArrayList<>();
    for (RevCommit commit = walk.next();
        commit != null && found.size() < MOST_AT_FIRST;
        commit = walk.next()) {
      found.add(new Dated(new Arrival(commit.copy(), reference), time(commit)));
    }
    Collections.reverse(found);
    return found;
  }

  private static Instant time(RevCommit commit) {
    return Instant.ofEpochSecond(commit.getCommitTime());
  }

  private static void markAll(RevWalk walk, Collection<ObjectId> tips) throws IOException {
    for (ObjectId tip : tips) {
      RevCommit commit = commit(walk, tip);
      if (commit != null) {
        walk.markUninteresting(commit);
      }
    }
  }

  /** Null if it is gone, or no commit: a branch may be made to point to anything. */
  private static @Nullable RevCommit commit(RevWalk walk, ObjectId id) throws IOException {
    try {
      return walk.parseCommit(id);
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return null;
    }
  }

  private record Dated(Arrival arrival, Instant at) {}
}
