package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

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

  /** Most bytes of records that are held to answer for what the reader does not see yet. */
  private static final int MAX_PENDING_BYTES = 16 << 20;

  private final Path path;
  private final Directory directory;
  private final IndexWriter writer;

  /** What the store holds, but for {@link #pending}. */
  private DirectoryReader seen;

  private final Map<String, Pending> pending = new HashMap<>();
  private long pendingBytes;
  private int uncommitted;

  /**
   * What came since {@link #seen} was opened.
   *
   * @param revision its revision
   * @param record null where it is never asked for again
   */
  private record Pending(long revision, @Nullable BytesRef record) {}

  /**
   * Where a document stands.
   *
   * @param leaf segment; null when it is pending
   */
  private record Known(long revision, @Nullable LeafReaderContext leaf, int doc) {
    static final Known NOTHING = new Known(NEVER, null, -1);
  }

  private EventIndex(Path path, Directory directory, IndexWriter writer) throws IOException {
    this.path = path;
    this.directory = directory;
    this.writer = writer;
    this.seen = DirectoryReader.open(writer);
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
   * Adds an attributed event, or replaces it when this revision is the newer or the same. An answer
   * that is replaced by another one stays in the event's history.
   *
   * @param record the event as it came from Kafka, or as {@link Formats#ATTRIBUTION} encodes it
   * @return whether it was taken as the answer
   */
  public boolean add(Attribution event, byte[] record) {
    try {
      String key = DocumentBuilder.key(event.event());
      Known known = find(key);
      if (known.revision() != NEVER && known.revision() != event.revision()) {
        remember(event, record, read(key, known));
      }
      return put(key, event.revision(), known, record, () -> EventDocument.of(event, record));
    } catch (IOException e) {
      throw IndexException.failed("writing", path, e);
    }
  }

  /** Keeps whichever of the two is the older one. */
  private void remember(Attribution event, byte[] record, byte[] knownRecord) throws IOException {
    Attribution known = decode(knownRecord);
    String key = HistoryDocument.key(event.event());
    Known kept = find(key);
    History before = kept.revision() == NEVER ? History.NONE : History.of(read(key, kept));
    History after =
        event.revision() > known.revision()
            ? before.with(known, knownRecord)
            : before.with(event, record);
    if (after != before) {
      byte[] encoded = after.encode();
      put(key, 0, kept, encoded, () -> HistoryDocument.of(event, encoded));
    }
  }

  private Attribution decode(byte[] record) {
    try {
      return Formats.ATTRIBUTION.decode(record);
    } catch (WireException e) {
      throw IndexException.failed("reading", path, e);
    }
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
      return put(key, revision, find(key), null, maker);
    } catch (IOException e) {
      throw IndexException.failed("writing", path, e);
    }
  }

  private boolean put(String key, long revision, Known known, byte @Nullable [] record, Maker maker)
      throws IOException {
    if (revision < known.revision()) {
      return false;
    }
    if (known.revision() == NEVER) {
      // Spares the search for something to delete: most of what comes is new.
      writer.addDocument(maker.make());
    } else {
      writer.updateDocument(new Term(Fields.KEY, key), maker.make());
    }
    pending.put(key, new Pending(revision, record == null ? null : new BytesRef(record)));
    uncommitted++;
    pendingBytes += record == null ? 0 : record.length;
    if (pendingBytes > MAX_PENDING_BYTES) {
      see();
    }
    return true;
  }

  /** Reads on from what the writer has now; nothing is durable by that. */
  private void see() throws IOException {
    DirectoryReader newer = DirectoryReader.openIfChanged(seen, writer);
    if (newer != null) {
      seen.close();
      seen = newer;
    }
    pending.clear();
    pendingBytes = 0;
  }

  private Known find(String key) throws IOException {
    Pending latest = pending.get(key);
    if (latest != null) {
      return new Known(latest.revision(), null, -1);
    }
    BytesRef bytes = new BytesRef(key);
    for (LeafReaderContext leaf : seen.leaves()) {
      Terms terms = leaf.reader().terms(Fields.KEY);
      TermsEnum term = terms == null ? null : terms.iterator();
      if (term != null && term.seekExact(bytes)) {
        Known found = find(leaf, term);
        if (found.revision() != NEVER) {
          return found;
        }
      }
    }
    return Known.NOTHING;
  }

  private static Known find(LeafReaderContext leaf, TermsEnum term) throws IOException {
    PostingsEnum postings = term.postings(null, PostingsEnum.NONE);
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      var live = leaf.reader().getLiveDocs();
      if (live == null || live.get(doc)) {
        NumericDocValues revisions = DocValues.getNumeric(leaf.reader(), Fields.REVISION);
        return new Known(revisions.advanceExact(doc) ? revisions.longValue() : 0, leaf, doc);
      }
    }
    return Known.NOTHING;
  }

  private byte[] read(String key, Known known) throws IOException {
    LeafReaderContext leaf = known.leaf();
    if (leaf == null) {
      return Objects.requireNonNull(Objects.requireNonNull(pending.get(key)).record(), key).bytes;
    }
    Document stored = leaf.reader().storedFields().document(known.doc(), Set.of(Fields.RECORD));
    return BytesRef.deepCopyOf(stored.getBinaryValue(Fields.RECORD)).bytes;
  }

  /** How many documents came since the last commit. */
  int uncommitted() {
    return uncommitted;
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
      see();
      uncommitted = 0;
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
    DirectoryReader reader = seen;
    try (directory;
        writer;
        reader) {
      pending.clear();
    } catch (IOException e) {
      throw IndexException.failed("closing", path, e);
    }
  }
}
