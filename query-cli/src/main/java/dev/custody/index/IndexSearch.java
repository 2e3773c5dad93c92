package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.event.EventId;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/**
 * The reading side of the store: what was committed when it was opened. It needs no writer, and
 * disturbs none in this process or another.
 */
public final class IndexSearch implements AutoCloseable {
  /** Most edges of one trace that are read. */
  public static final int MAX_EDGES = 10_000;

  static final Sort OLDEST_FIRST =
      new Sort(
          new SortField(Fields.TIME, SortField.Type.LONG),
          new SortField(Fields.ORDER, SortField.Type.STRING));

  /** Answers are counted exactly up to this number; counting all would mean to visit all. */
  private static final int COUNTED = 10_000;

  private final Path path;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private IndexSearch(Path path, Directory directory) throws IOException {
    this.path = path;
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    // One question a process: a cache would never be asked twice.
    searcher.setQueryCache(null);
  }

  /**
   * Opens the store in {@code path} as it is committed now.
   *
   * @throws IndexException when there is none, or it is damaged
   */
  public static IndexSearch open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        throw new NoSuchFileException(path.toString());
      }
      Directory directory = FSDirectory.open(path);
      try {
        return new IndexSearch(path, directory);
      } catch (IOException e) {
        directory.close();
        throw e;
      }
    } catch (IndexNotFoundException | NoSuchFileException e) {
      throw new IndexException(
          "no index at " + path + ": expected the one that `custody up` makes, found nothing",
          "start Custody with `custody up`, or name its data directory with --data DIR",
          e);
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  /** Events that answer {@code query}. */
  public Page<Attribution> events(Query query) {
    return search(ConditionQueries.EVENTS, query, record -> decode(Formats.ATTRIBUTION, record));
  }

  /** Findings that answer {@code query}, as OCSF JSON. */
  public Page<String> findings(Query query) {
    return search(
        ConditionQueries.FINDINGS, query, record -> new String(record, StandardCharsets.UTF_8));
  }

  /** Questions about credentials. */
  public CredentialSearch credentials() {
    return new CredentialSearch(reader, searcher, path);
  }

  /** The event {@code id}. */
  public Optional<Attribution> event(EventId id) {
    var query = new TermQuery(new Term(Fields.KEY, DocumentBuilder.key(id)));
    return found(query, OLDEST_FIRST, 1, record -> decode(Formats.ATTRIBUTION, record))
        .items()
        .stream()
        .findFirst();
  }

  /**
   * What was answered about the event of {@code current} before, and was different, newest first.
   */
  public List<Attribution> history(Attribution current) {
    var query = new TermQuery(new Term(Fields.KEY, HistoryDocument.key(current.event())));
    return found(query, OLDEST_FIRST, 1, record -> History.of(record).before(current))
        .items()
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  /** The agents that were seen at work, those for whose SPIFFE ID {@code wanted} holds, by id. */
  public List<AgentActivity> agents(Predicate<String> wanted) {
    try {
      return AgentCensus.of(reader, wanted);
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  /** The edges of the trace of {@code prompt}, oldest first, at most {@link #MAX_EDGES}. */
  public List<TraceEdge> edgesOf(String prompt) {
    return edges(Fields.PROMPT, prompt);
  }

  /** The edges that begin or end at {@code node}, which is {@code kind:id}; oldest first. */
  public List<TraceEdge> edgesAt(String node) {
    return edges(Fields.NODE, node);
  }

  private List<TraceEdge> edges(String field, String value) {
    var query =
        new BooleanQuery.Builder()
            .add(new TermQuery(new Term(Fields.TYPE, Fields.EDGE)), Occur.FILTER)
            .add(new TermQuery(new Term(field, DocumentBuilder.cut(value))), Occur.FILTER)
            .build();
    return EdgeDocument.joined(
        found(query, OLDEST_FIRST, MAX_EDGES, record -> decode(Formats.EDGE, record)).items());
  }

  private interface Reading<T> {
    T read(byte[] record);
  }

  private <T> Page<T> search(ConditionQueries type, Query query, Reading<T> reading) {
    Sort sort = query.order() == Order.NEWEST_FIRST ? EventIndex.NEWEST_FIRST : OLDEST_FIRST;
    return found(type.matching(query.condition()), sort, query.limit(), reading);
  }

  private <T> Page<T> found(
      org.apache.lucene.search.Query query, Sort sort, int limit, Reading<T> reading) {
    try {
      int most = Math.max(1, Math.min(limit, reader.maxDoc()));
      TopFieldDocs top =
          searcher.search(query, new TopFieldCollectorManager(sort, most, Math.max(COUNTED, most)));
      StoredFields stored = searcher.storedFields();
      List<T> items = new ArrayList<>();
      for (ScoreDoc hit : top.scoreDocs) {
        BytesRef record =
            stored.document(hit.doc, Set.of(Fields.RECORD)).getBinaryValue(Fields.RECORD);
        items.add(reading.read(BytesRef.deepCopyOf(record).bytes));
      }
      return new Page<>(
          items, top.totalHits.value(), top.totalHits.relation() == TotalHits.Relation.EQUAL_TO);
    } catch (TooComplexToDeterminizeException e) {
      throw new IndexException(
          "a pattern is too complex for the index", "use fewer wildcards in one word", e);
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  private <T> T decode(RecordFormat<T> format, byte[] record) {
    return decode(path, format, record);
  }

  static <T> T decode(Path path, RecordFormat<T> format, byte[] record) {
    try {
      return format.decode(record);
    } catch (WireException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  @Override
  public void close() {
    try (directory;
        reader) {
      // Nothing but to close both.
    } catch (IOException e) {
      throw IndexException.failed("closing", path, e);
    }
  }
}
