package dev.custody.source.git;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository under watch: what of it was recorded, and how what is new comes to be recorded. Its
 * tips are stored only after everything that they lead to is durable.
 */
final class WatchedRepository {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedRepository.class);
  private static final int BATCH = 100;

  private final Path commonDir;
  private final Path root;
  private final String stored;
  private final GitSettings settings;
  private final GitEvents events;
  private final Recorder recorder;
  private final TipStore store;

  /** What was recorded, null until the store was asked. */
  private @Nullable Tips tips;

  /** How long each reflog was when it was last read: what leads nowhere is read once. */
  private Map<String, Long> examined = Map.of();

  private final AgentTraces traces = new AgentTraces();

  /** What was last wrong with it, so that it is said once and not at each look. */
  private @Nullable String trouble;

  /**
   * Goes on from where {@code store} says that it was left.
   *
   * @param stored name of its tips in the store
   * @param settings of the system and the user that the collector runs as
   */
  WatchedRepository(
      Path commonDir,
      Path root,
      String stored,
      GitSettings settings,
      GitEvents events,
      Recorder recorder,
      TipStore store) {
    this.commonDir = commonDir;
    this.root = root;
    this.stored = stored;
    this.settings = settings;
    this.events = events;
    this.recorder = recorder;
    this.store = store;
  }

  Path root() {
    return root;
  }

  /** Records what is new; a repository that can't be read for now is tried again. */
  void look(Instant now) {
    String found = null;
    try (OpenRepository open = new OpenRepository(commonDir)) {
      scan(open, now);
    } catch (IOException | CaptureException | RuntimeException e) {
      // JGit reports damage by exceptions of many kinds, and some of them are unchecked.
      found = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    if (found != null && !found.equals(trouble)) {
      LOG.warn(
          "git: {} can't be recorded for now, expected a readable repository, found {}; it is tried again",
          root,
          found);
    }
    trouble = found;
  }

  private void scan(OpenRepository open, Instant observedAt) throws IOException, CaptureException {
    if (tips == null) {
      tips = Tips.decode(store.get(stored));
    }
    Tips known = tips;
    SortedMap<String, ObjectId> now = open.tips();
    SortedMap<String, ObjectId> others = open.others();
    News news = new News(open.repository(), open.branch());
    Moves moves;
    if (known == null) {
      List<News.Arrival> arrivals = news.atFirstSight(now, observedAt);
      moves = Moves.atFirstSight(open, all(now, others));
      recordCommits(open, arrivals);
      recordNotes(open, 0, notesOn(open, others, arrivals));
    } else {
      if (!known.at().equals(now)) {
        recordCommits(open, news.since(known, now));
      }
      moves = Moves.since(open, known, now, others, examined);
      recordMoves(open, known.generation(), moves.found());
      recordNotes(open, known.generation(), changedNotes(open, known, others));
    }
    SortedMap<String, ObjectId> recorded = new TreeMap<>(now);
    recorded.keySet().removeAll(news.unreadable());
    keep(known, recorded, others, moves);
    recordTraces();
  }

  private void recordTraces() throws IOException, CaptureException {
    AgentTraces.News news = traces.since(root);
    if (news.end() < 0) {
      return;
    }
    List<Event> told = new ArrayList<>();
    for (ObjectNode trace : news.records()) {
      told.addAll(events.notes().traced(root, trace));
    }
    for (int from = 0; from < told.size(); from += BATCH) {
      recorder.record(told.subList(from, Math.min(told.size(), from + BATCH)));
    }
    traces.keep(news);
  }

  private void keep(
      @Nullable Tips known,
      SortedMap<String, ObjectId> now,
      SortedMap<String, ObjectId> others,
      Moves moves) {
    Tips recorded = new Tips(known == null ? 0 : known.generation() + 1, now, others, moves.logs());
    if (known == null || !known.sameAs(recorded)) {
      store.put(stored, recorded.encode());
      tips = recorded;
    }
    examined = moves.examined();
  }

  private static Map<String, ObjectId> all(
      SortedMap<String, ObjectId> now, SortedMap<String, ObjectId> others) {
    Map<String, ObjectId> all = new TreeMap<>(now);
    all.putAll(others);
    return all;
  }

  private static List<Notes.Change> notesOn(
      OpenRepository open, SortedMap<String, ObjectId> others, List<News.Arrival> arrivals)
      throws IOException {
    List<ObjectId> commits = arrivals.stream().map(News.Arrival::commit).toList();
    Notes notes = new Notes(open.repository());
    List<Notes.Change> found = new ArrayList<>();
    for (Map.Entry<String, ObjectId> other : others.entrySet()) {
      if (Notes.areAt(other.getKey())) {
        found.addAll(notes.on(other.getKey(), other.getValue(), commits));
      }
    }
    return found;
  }

  private List<Notes.Change> changedNotes(
      OpenRepository open, Tips known, SortedMap<String, ObjectId> others) throws IOException {
    SortedMap<String, ObjectId> before = known.others();
    Notes notes = new Notes(open.repository());
    List<Notes.Change> found = new ArrayList<>();
    for (Map.Entry<String, ObjectId> other : others.entrySet()) {
      String name = other.getKey();
      if (before != null && Notes.areAt(name) && !other.getValue().equals(before.get(name))) {
        found.addAll(notes.between(name, before.get(name), other.getValue()));
      }
    }
    if (notes.omitted() > 0) {
      LOG.warn(
          "git: {} notes of {} changed at once, beyond the {} that are recorded",
          notes.omitted(),
          root,
          Notes.MOST);
    }
    return found;
  }

  private void recordCommits(OpenRepository open, List<News.Arrival> arrivals)
      throws IOException, CaptureException {
    CommitSignatures signatures =
        new CommitSignatures(settings, new GitPlace(commonDir, commonDir, root));
    record(open, arrivals, (walk, arrival) -> events.commit(root, walk, arrival, signatures));
  }

  private void recordMoves(OpenRepository open, long generation, List<Move> moves)
      throws IOException, CaptureException {
    Remotes remotes = new Remotes(open.repository().getConfig());
    record(
        open, moves, (walk, move) -> events.moves().moved(root, generation, walk, remotes, move));
  }

  private void recordNotes(OpenRepository open, long generation, List<Notes.Change> changes)
      throws IOException, CaptureException {
    record(open, changes, (walk, change) -> events.notes().changed(root, generation, walk, change));
  }

  @FunctionalInterface
  private interface Telling<T> {
    List<Event> events(RevWalk walk, T of) throws IOException;
  }

  private <T> void record(OpenRepository open, List<T> all, Telling<T> telling)
      throws IOException, CaptureException {
    for (int from = 0; from < all.size(); from += BATCH) {
      List<Event> batch = new ArrayList<>();
      // A fresh walk for each batch: it keeps every commit that it has read.
      try (RevWalk walk = new RevWalk(open.repository())) {
        for (T each : all.subList(from, Math.min(all.size(), from + BATCH))) {
          batch.addAll(telling.events(walk, each));
        }
      }
      recorder.record(batch);
    }
  }
}
