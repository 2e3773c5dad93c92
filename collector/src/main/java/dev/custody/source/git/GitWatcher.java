package dev.custody.source.git;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records each new commit of the repositories that agents work in, without any help of git's hooks:
 * whoever makes a commit can leave those out.
 *
 * <p>A repository is watched from the first visit on. Its tips are stored only after everything
 * that they lead to is durably recorded. So after a crash, and for what happened while no collector
 * ran, the same commits are found again; their {@code source.id} makes a repeat harmless.
 */
public final class GitWatcher implements AutoCloseable {
  /** How often known repositories are looked at without a visit. */
  static final Duration PERIOD = Duration.ofSeconds(2);

  /** Repositories watched at a time; of one more, the one not visited for longest is let go. */
  static final int MOST_REPOSITORIES = 256;

  private static final Logger LOG = LoggerFactory.getLogger(GitWatcher.class);
  private static final String WATCHED = "repositories";
  private static final int MOST_VISITS = 1024;
  private static final int BATCH = 100;
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Recorder recorder;
  private final Observer observer;
  private final TipStore store;
  private final GitEvents gitEvents;
  private final Thread thread;
  private final Semaphore wake = new Semaphore(0);
  private final Set<String> visits = new LinkedHashSet<>();

  /** Guards all that follows: one scan at a time, whichever thread asks for it. */
  private final ReentrantLock scanning = new ReentrantLock();

  private final Map<Path, Watched> watched = new LinkedHashMap<>(16, 0.75f, true);
  private boolean watchedStored = true;
  private volatile boolean stopped;

  /** Watches on from where the watcher with this {@code store} stopped. */
  public GitWatcher(Observer observer, Recorder recorder, TipStore store) {
    this.observer = observer;
    this.recorder = recorder;
    this.store = store;
    this.gitEvents = new GitEvents(observer);
    restore();
    this.thread = Thread.ofPlatform().name("git-watcher").daemon().start(this::run);
  }

  /** Somebody works in {@code cwd}: its repository is looked at soon. Never waits. */
  public void visit(String cwd) {
    synchronized (visits) {
      if (visits.size() >= MOST_VISITS || !visits.add(cwd)) {
        return; // Either way there is another visit to come.
      }
    }
    wake.release();
  }

  /** Looks at everything that was visited or is watched, and returns when that is recorded. */
  public void scanNow() {
    scanning.lock();
    try {
      follow();
      for (Map.Entry<Path, Watched> each : List.copyOf(watched.entrySet())) {
        look(each.getKey(), each.getValue());
      }
    } finally {
      scanning.unlock();
    }
  }

  /** Stops watching; a scan that is under way comes to its end first. */
  @Override
  public void close() {
    stopped = true;
    wake.release();
    try {
      // No interrupt: it would close JGit's files under other readers.
      thread.join(STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long polled = System.nanoTime();
    while (!stopped) {
      try {
        boolean visited = wake.tryAcquire(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        if (!stopped && visited && System.nanoTime() - polled < PERIOD.toNanos()) {
          scanVisited();
        } else if (!stopped) {
          scanNow();
          polled = System.nanoTime();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("git: watching goes on after an unexpected failure", e);
      }
    }
  }

  private void scanVisited() {
    scanning.lock();
    try {
      for (Map.Entry<Path, Watched> each : follow().entrySet()) {
        look(each.getKey(), each.getValue());
      }
    } finally {
      scanning.unlock();
    }
  }

  /** Finds the repositories of all visits so far, and watches them from now on. */
  private Map<Path, Watched> follow() {
    List<String> directories;
    synchronized (visits) {
      directories = List.copyOf(visits);
      visits.clear();
    }
    Map<Path, Watched> found = new LinkedHashMap<>();
    for (String directory : directories) {
      GitPlace place = GitPlace.find(directory);
      if (place != null) {
        found.put(place.commonDir(), watch(place.commonDir(), place.root()));
      }
    }
    if (!watchedStored) {
      persistWatched();
    }
    return found;
  }

  private Watched watch(Path commonDir, Path root) {
    Watched known = watched.get(commonDir);
    if (known != null) {
      return known;
    }
    Watched added = new Watched(root, "tips-" + shortName(commonDir));
    watched.put(commonDir, added);
    if (watched.size() > MOST_REPOSITORIES) {
      // Its tips stay stored: at the next visit it goes on from there.
      watched.remove(watched.keySet().iterator().next());
    }
    watchedStored = false;
    return added;
  }

  private void look(Path commonDir, Watched repository) {
    String trouble = null;
    try (OpenRepository open = new OpenRepository(commonDir)) {
      scan(open, repository);
    } catch (IOException | CaptureException | RuntimeException e) {
      // JGit reports damage by exceptions of many kinds, and some of them are unchecked.
      trouble = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    if (trouble != null && !trouble.equals(repository.trouble)) {
      LOG.warn(
          "git: {} can't be recorded for now, expected a readable repository, found {}; it is tried again",
          repository.root,
          trouble);
    }
    repository.trouble = trouble;
  }

  private void scan(OpenRepository open, Watched repository) throws IOException, CaptureException {
    if (repository.tips == null) {
      repository.tips = Tips.decode(store.get(repository.stored));
    }
    SortedMap<String, ObjectId> now = open.tips();
    Tips known = repository.tips;
    if (known != null && known.sameAs(now)) {
      return;
    }
    News news = new News(open.repository(), open.branch());
    if (known == null) {
      recordCommits(open, repository, news.atFirstSight(now, observer.clock().instant()));
    } else {
      recordCommits(open, repository, news.since(known, now));
      recordMoves(repository, known.generation(), news.moves(known, now));
    }
    SortedMap<String, ObjectId> recorded = new TreeMap<>(now);
    recorded.keySet().removeAll(news.unreadable());
    Tips tips = new Tips(known == null ? 0 : known.generation() + 1, recorded);
    if (known == null || !known.sameAs(recorded)) {
      store.put(repository.stored, tips.encode());
      repository.tips = tips;
    }
  }

  private void recordCommits(OpenRepository open, Watched repository, List<News.Arrival> arrivals)
      throws IOException, CaptureException {
    for (int from = 0; from < arrivals.size(); from += BATCH) {
      List<Event> events = new ArrayList<>();
      // A fresh walk for each batch: it keeps every commit that it has read.
      try (RevWalk walk = new RevWalk(open.repository())) {
        for (News.Arrival arrival :
            arrivals.subList(from, Math.min(arrivals.size(), from + BATCH))) {
          events.addAll(gitEvents.commit(repository.root, walk, arrival));
        }
      }
      recorder.record(events);
    }
  }

  private void recordMoves(Watched repository, long generation, List<News.Move> moves)
      throws CaptureException {
    for (int from = 0; from < moves.size(); from += BATCH) {
      List<Event> events = new ArrayList<>();
      for (News.Move move : moves.subList(from, Math.min(moves.size(), from + BATCH))) {
        events.addAll(gitEvents.move(repository.root, generation, move));
      }
      recorder.record(events);
    }
  }

  /** Each watched repository is a line of its common directory and its root, tab between. */
  private void persistWatched() {
    StringBuilder lines = new StringBuilder();
    watched.forEach((commonDir, repository) ->
        lines.append(commonDir).append('\t').append(repository.root).append('\n'));
    try {
      store.put(WATCHED, lines.toString().getBytes(StandardCharsets.UTF_8));
      watchedStored = true;
    } catch (RuntimeException e) {
      // They are watched all the same, and the next look tries again.
      LOG.warn("git: the list of watched repositories can't be stored: {}", e.getMessage());
    }
  }

  private void restore() {
    byte[] stored = store.get(WATCHED);
    if (stored == null) {
      return;
    }
    for (String line : new String(stored, StandardCharsets.UTF_8).split("\n")) {
      String[] parts = line.split("\t");
      if (parts.length == 2 && watched.size() < MOST_REPOSITORIES) {
        try {
          Path commonDir = Path.of(parts[0]);
          watched.put(commonDir, new Watched(Path.of(parts[1]), "tips-" + shortName(commonDir)));
        } catch (InvalidPathException e) {
          LOG.warn("git: a stored path is none on this machine; its repository waits for a visit");
        }
      }
    }
  }

  private static String shortName(Path commonDir) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(commonDir.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A repository under watch. */
  private static final class Watched {
    final Path root;
    final String stored;

    /** What was recorded, null until the store was asked. */
    @Nullable Tips tips;

    /** What was last wrong with it, so that it is said once and not at each look. */
    @Nullable String trouble;

    Watched(Path root, String stored) {
      this.root = root;
      this.stored = stored;
    }
  }
}
