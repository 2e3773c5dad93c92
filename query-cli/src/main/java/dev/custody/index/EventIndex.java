package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;

/**
 * The writing side of the store. One process writes it at a time; any number may read what is
 * committed. Not for use by several threads at once.
 */
public final class EventIndex implements AutoCloseable {
  /**
   * Newest first, and a fixed order among those of one time: the store answers in it without
   * looking further, and a rebuilt store in the same.
   */
  static final Sort NEWEST_FIRST =
      new Sort(
          new SortField(Fields.TIME, SortField.Type.LONG, true),
          new SortField(Fields.ORDER, SortField.Type.STRING, true));

  private static final String FORMAT = "custody.format";
  private static final long NEVER = Long.MIN_VALUE;
  private static final double RAM_BUFFER_MIB = 32;

  private final Path path;
  private final Directory directory;
  private final IndexWriter writer;

  /** What is committed; {@link #pending} has the revisions that came after. */
  private DirectoryReader committed;

  private final Map<String, Long> pending = new HashMap<>();

  private EventIndex(Path path, Directory directory, IndexWriter writer) throws IOException {
    this.path = path;
    this.directory = directory;
    this.writer = writer;
    this.committed = DirectoryReader.open(writer);
  }

  /**
   * Opens the store in {@code path}, making it when there is none. One of an older format is
   * emptied: it is derived, and its offsets go with it.
   *
   * @throws IndexException when another process writes it, a newer release wrote it, or it is
   *     damaged
   */
  @SuppressWarnings("MustBeClosedChecker")
  public static EventIndex open(Path path) {
    try {
      Files.createDirectories(path);
      Directory directory = FSDirectory.open(path);
      EventIndex index = new EventIndex(path, directory, new IndexWriter(directory, settings()));
      index.checkFormat();
      return index;
    } catch (LockObtainFailedException e) {
      throw new IndexException(
          "the index " + path + " is being written by another process",
          "stop the other one first; only one process may write an index, any number may read it",
          e);
    } catch (IOException e) {
      throw IndexException.failed("opening", path, e);
    }
  }

  private static IndexWriterConfig settings() {
    return new IndexWriterConfig(new StandardAnalyzer())
        .setIndexSort(NEWEST_FIRST)
        .setRAMBufferSizeMB(RAM_BUFFER_MIB)
        .setCommitOnClose(false);
  }

  private void checkFormat() throws IOException {
    Map<String, String> data = userData();
    if (data.isEmpty()) {
      // Readers find an empty store from now on, not none.
      commit(Map.of());
      return;
    }
    int found = Integer.parseInt(data.getOrDefault(FORMAT, "0"));
    if (found > Fields.FORMAT) {
      close();
      throw new IndexException(
          "the index %s is too new: expected format %d, found %d"
              .formatted(path, Fields.FORMAT, found),
          "run the release that wrote it, or delete " + path + " to build it again",
          null);
    }
    if (found < Fields.FORMAT) {
      clear();
    }
  }

  /**
   * Adds an attributed event, or replaces it when this revision is the newer or the same.
   *
   * @param record the event as it came from Kafka, or as {@link Formats#ATTRIBUTION} encodes it
   * @return whether it was taken
   */
  public boolean add(Attribution event, byte[] record) {
    String key = DocumentBuilder.key(event.event());
    return put(key, event.revision(), () -> EventDocument.of(event, record));
  }

  /**
   * Adds, replaces or, when it is withdrawn, takes away an edge.
   *
   * @param record the edge as it came from Kafka, or as {@link Formats#EDGE} encodes it
   * @return whether it was taken
   */
  public boolean add(TraceEdge edge, byte[] record) {
    return put(EdgeDocument.key(edge), edge.revision(), () -> EdgeDocument.of(edge, record));
  }

  /**
   * Adds or replaces a finding.
   *
   * @param id finding id
   * @param record OCSF JSON
   * @throws IOException when it is not a finding; nothing has changed then
   */
  public void addFinding(String id, byte[] record) throws IOException {
    Document document = FindingDocument.of(id, record);
    put(FindingDocument.key(id), 0, () -> document);
  }

  private interface Maker {
    Document make();
  }

  private boolean put(String key, long revision, Maker maker) {
    try {
      long known = revisionOf(key);
      if (revision < known) {
        return false;
      }
      if (known == NEVER) {
        // Spares the search for something to delete: most of what comes is new.
        writer.addDocument(maker.make());
      } else {
        writer.updateDocument(new Term(Fields.KEY, key), maker.make());
      }
      pending.put(key, revision);
      return true;
    } catch (IOException e) {
      throw IndexException.failed("writing", path, e);
    }
  }

  private long revisionOf(String key) throws IOException {
    Long latest = pending.get(key);
    if (latest != null) {
      return latest;
    }
    BytesRef bytes = new BytesRef(key);
    for (LeafReaderContext leaf : committed.leaves()) {
      Terms terms = leaf.reader().terms(Fields.KEY);
      TermsEnum term = terms == null ? null : terms.iterator();
      if (term != null && term.seekExact(bytes)) {
        long found = revisionIn(leaf, term);
        if (found != NEVER) {
          return found;
        }
      }
    }
    return NEVER;
  }

  private static long revisionIn(LeafReaderContext leaf, TermsEnum term) throws IOException {
    PostingsEnum postings = term.postings(null, PostingsEnum.NONE);
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      var live = leaf.reader().getLiveDocs();
      if (live == null || live.get(doc)) {
        NumericDocValues revisions = DocValues.getNumeric(leaf.reader(), Fields.REVISION);
        return revisions.advanceExact(doc) ? revisions.longValue() : 0;
      }
    }
    return NEVER;
  }

  /** How many documents came since the last commit. */
  int uncommitted() {
    return pending.size();
  }

  /** What the last commit carried. */
  Map<String, String> userData() {
    Map<String, String> data = new HashMap<>();
    Iterable<Map.Entry<String, String>> last = writer.getLiveCommitData();
    if (last != null) {
      last.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    }
    return data;
  }

  /**
   * Makes all that was added durable, together with {@code userData}: after a crash both are there
   * or neither.
   */
  public void commit(Map<String, String> userData) {
    Map<String, String> data = new HashMap<>(userData);
    data.put(FORMAT, Integer.toString(Fields.FORMAT));
    try {
      writer.setLiveCommitData(data.entrySet());
      writer.commit();
      DirectoryReader newer = DirectoryReader.openIfChanged(committed, writer);
      if (newer != null) {
        committed.close();
        committed = newer;
      }
      pending.clear();
    } catch (IOException e) {
      throw IndexException.failed("committing", path, e);
    }
  }

  /** Forgets everything, offsets included. */
  void clear() {
    try {
      writer.deleteAll();
    } catch (IOException e) {
      throw IndexException.failed("emptying", path, e);
    }
    commit(Map.of());
  }

  /** Forgets all documents of these types; durable with the next commit. */
  void forget(String... types) {
    try {
      for (String type : types) {
        writer.deleteDocuments(new Term(Fields.TYPE, type));
      }
      commit(userData());
    } catch (IOException e) {
      throw IndexException.failed("emptying", path, e);
    }
  }

  /** Lets go of the directory. What was not committed is not kept. */
  @Override
  public void close() {
    DirectoryReader reader = committed;
    try (directory;
        writer;
        reader) {
      pending.clear();
    } catch (IOException e) {
      throw IndexException.failed("closing", path, e);
    }
  }
}
