package dev.custody.source.git;

import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Recorder recorder;
  private final Observer observer;
  private final TipStore store;
  private final GitSettings settings;
  private final GitEvents gitEvents;
  private final Thread thread;
  private final Semaphore wake = new Semaphore(0);
  private final Set<String> visits = new LinkedHashSet<>();

  /** Guards all that follows: one scan at a time, whichever thread asks for it. */
  private final ReentrantLock scanning = new ReentrantLock();

  private final Map<Path, WatchedRepository> watched = new LinkedHashMap<>(16, 0.75f, true);
  private boolean watchedStored = true;
  private volatile boolean stopped;

  /** Watches on from where the watcher with this {@code store} stopped. */
  public GitWatcher(Observer observer, Recorder recorder, TipStore store) {
    this(observer, recorder, store, GitSettings.of(System.getenv()));
  }

  GitWatcher(Observer observer, Recorder recorder, TipStore store, GitSettings settings) {
    this.settings = settings;
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
      look(watched.values());
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
      look(follow().values());
    } finally {
      scanning.unlock();
    }
  }

  /** Finds the repositories of all visits so far, and watches them from now on. */
  private Map<Path, WatchedRepository> follow() {
    List<String> directories;
    synchronized (visits) {
      directories = List.copyOf(visits);
      visits.clear();
    }
    Map<Path, WatchedRepository> found = new LinkedHashMap<>();
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

  private WatchedRepository watch(Path commonDir, Path root) {
    WatchedRepository known = watched.get(commonDir);
    if (known != null) {
      return known;
    }
    WatchedRepository added = watched(commonDir, root);
    watched.put(commonDir, added);
    if (watched.size() > MOST_REPOSITORIES) {
      // Its tips stay stored: at the next visit it goes on from there.
      watched.remove(watched.keySet().iterator().next());
    }
    watchedStored = false;
    return added;
  }

  private void look(Collection<WatchedRepository> repositories) {
    for (WatchedRepository each : List.copyOf(repositories)) {
      each.look(observer.clock().instant());
    }
  }

  private WatchedRepository watched(Path commonDir, Path root) {
    return new WatchedRepository(
        commonDir, root, "tips-" + shortName(commonDir), settings, gitEvents, recorder, store);
  }

  /** Each watched repository is a line of its common directory and its root, tab between. */
  private void persistWatched() {
    StringBuilder lines = new StringBuilder();
    watched.forEach((commonDir, repository) ->
        lines.append(commonDir).append('\t').append(repository.root()).append('\n'));
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
          watched.put(commonDir, watched(commonDir, Path.of(parts[1])));
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
}
