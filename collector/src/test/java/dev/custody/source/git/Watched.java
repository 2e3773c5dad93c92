package dev.custody.source.git;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import java.nio.file.Path;
import java.util.List;

/** A repository that a collector watches, and what it recorded of it. */
final class Watched implements AutoCloseable {
  private final TestObserver observer = new TestObserver().goToPresent();
  private final Kept kept = new Kept();
  private final GitCommand git;
  private final GitSettings settings;
  private GitWatcher watcher;

  private Watched(GitCommand git, GitSettings settings) {
    this.git = git;
    this.settings = settings;
    this.watcher = started();
  }

  /** A fresh one. */
  static Watched in(Path directory) {
    return in(directory, new GitSettings(List.of(), directory));
  }

  /** The same, watched by a user with these settings. */
  static Watched in(Path directory, GitSettings settings) {
    return new Watched(GitCommand.init(directory), settings);
  }

  private GitWatcher started() {
    return new GitWatcher(observer.of("dana"), kept, kept, settings);
  }

  GitCommand git() {
    return git;
  }

  Kept kept() {
    return kept;
  }

  void visit(String directory) {
    watcher.visit(directory);
  }

  void scanNow() {
    watcher.scanNow();
  }

  /** Visits it and looks at once. */
  void scan() {
    watcher.visit(git.directory().toString());
    watcher.scanNow();
  }

  /** As when a collector stops and starts: what is kept stays. */
  void restart() {
    watcher.close();
    watcher = started();
  }

  Body.ReferenceUpdated move() {
    return (Body.ReferenceUpdated) events(Body.ReferenceUpdated.class).getLast().body();
  }

  List<String> paths() {
    return ((Body.CommitCreated) events(Body.CommitCreated.class).getLast().body()).paths();
  }

  List<String> commits() {
    return events(Body.CommitCreated.class).stream()
        .map(event -> ((Body.CommitCreated) event.body()).commit())
        .toList();
  }

  List<Event> events(Class<? extends Body> kind) {
    synchronized (kept) {
      return kept.events.stream().filter(event -> kind.isInstance(event.body())).toList();
    }
  }

  @Override
  public void close() {
    watcher.close();
  }
}
