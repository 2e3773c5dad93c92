package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.query.Condition;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows of credentials. What is distinct is read off the terms, first and last are
 * one record each: no answer reads all records of a credential.
 */
public final class CredentialSearch {
  /** Most credentials that are looked at for one answer. */
  public static final int MOST_CREDENTIALS = 100_000;

  private final IndexReader reader;
  private final IndexSearcher searcher;
  private final Path path;

  CredentialSearch(IndexReader reader, IndexSearcher searcher, Path path) {
    this.reader = reader;
    this.searcher = searcher;
    this.path = path;
  }

  /** What is counted by its values; of a credential, and {@link #CREDENTIAL} of a session. */
  public enum Facet {
    SESSION,
    ACTION,
    RESOURCE,
    ADDRESS,
    PRINCIPAL,
    CONCERN,
    ACCOUNT,
    CREDENTIAL
  }

  /** What a record has to do with a credential. */
  public enum Part {
    /** Anything. */
    NAMED(Fields.CREDENTIAL),
    /** The provider recorded a call with it. */
    USED(Fields.USED),
    /** Hands it out. */
    ISSUED(Fields.ISSUED),
    /** Hands out another one, which was asked for with it. */
    PARENT(Fields.PARENT);

    private final String field;

    Part(String field) {
      this.field = field;
    }
  }

  /**
   * A credential and when it was seen last.
   *
   * @param id its public id
   * @param last the newest record that names it
   */
  public record Seen(String id, Attribution last) {}

  /** Subject and facet as its terms begin. */
  static String prefix(String subject, Facet facet) {
    return subject + '\0' + facet.name() + '\0';
  }

  /**
   * Credentials that sessions of agents used, were shown or were given, the latest first.
   *
   * @param prefix how their ids begin
   * @param condition what must hold of a record that names them
   */
  public List<Seen> ofAgents(String prefix, Condition condition) {
    List<Seen> seen = new ArrayList<>();
    for (String id : terms(Fields.CREDENTIAL, prefix, MOST_CREDENTIALS).keySet()) {
      if (!values(id, Facet.SESSION, 1).isEmpty()) {
        records(Part.NAMED, id, condition, EventIndex.NEWEST_FIRST, 1).stream()
            .findFirst()
            .ifPresent(last -> seen.add(new Seen(id, last)));
      }
    }
    seen.sort(
        Comparator.comparing((Seen s) -> s.last().occurredAt()).reversed().thenComparing(Seen::id));
    return seen;
  }

  /** The first record of that part. */
  public Optional<Attribution> first(Part part, String id) {
    return records(part, id, new Condition.Anything(), IndexSearch.OLDEST_FIRST, 1).stream()
        .findFirst();
  }

  /** The last record of that part. */
  public Optional<Attribution> last(Part part, String id) {
    return records(part, id, new Condition.Anything(), EventIndex.NEWEST_FIRST, 1).stream()
        .findFirst();
  }

  /** Records of that part, the oldest first. */
  public List<Attribution> oldest(Part part, String id, Condition condition, int most) {
    return records(part, id, condition, IndexSearch.OLDEST_FIRST, most);
  }

  /** How many records of that part there are. */
  public long count(Part part, String id) {
    try {
      return searcher.count(query(part, id, new Condition.Anything()));
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  /** Distinct values, and how many records have each; at most {@code most}, in their order. */
  public Map<String, Long> values(String subject, Facet facet, int most) {
    String prefix = prefix(DocumentBuilder.cut(subject), facet);
    Map<String, Long> values = new LinkedHashMap<>();
    terms(Fields.FACET, prefix, most)
        .forEach((term, count) -> values.put(term.substring(prefix.length()), count));
    return values;
  }

  // A record that another revision replaced is still behind its terms until the store is merged:
  // only live ones count.
  private Map<String, Long> terms(String field, String prefix, int most) {
    Map<String, Long> found = new LinkedHashMap<>();
    try {
      Terms terms = MultiTerms.getTerms(reader, field);
      if (terms == null) {
        return found;
      }
      Bits live = MultiBits.getLiveDocs(reader);
      byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
      TermsEnum each = terms.iterator();
      TermsEnum.SeekStatus status = each.seekCeil(new BytesRef(start));
      BytesRef term = status == TermsEnum.SeekStatus.END ? null : each.term();
      PostingsEnum postings = null;
      while (term != null && startsWith(term, start) && found.size() < most) {
        postings = each.postings(postings, PostingsEnum.NONE);
        long count = count(postings, live);
        if (count > 0) {
          found.put(term.utf8ToString(), count);
        }
        term = each.next();
      }
      return found;
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }

  private static long count(PostingsEnum postings, @Nullable Bits live) throws IOException {
    long count = 0;
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      if (live == null || live.get(doc)) {
        count++;
      }
    }
    return count;
  }

  private static boolean startsWith(BytesRef term, byte[] prefix) {
    return term.length >= prefix.length
        && java.util.Arrays.equals(
            term.bytes, term.offset, term.offset + prefix.length, prefix, 0, prefix.length);
  }

  private static Query query(Part part, String id, Condition condition) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(new Term(part.field, DocumentBuilder.cut(id))), Occur.FILTER)
        .add(ConditionQueries.EVENTS.matching(condition), Occur.FILTER)
        .build();
  }

  private List<Attribution> records(
      Part part, String id, Condition condition, Sort sort, int most) {
    try {
      // The store is sorted newest first: the newest is the first that is met.
      ScoreDoc[] hits =
          searcher.search(
                  query(part, id, condition), new TopFieldCollectorManager(sort, most, most))
              .scoreDocs;
      List<Attribution> records = new ArrayList<>();
      for (ScoreDoc hit : hits) {
        BytesRef record =
            searcher
                .storedFields()
                .document(hit.doc, Set.of(Fields.RECORD))
                .getBinaryValue(Fields.RECORD);
        records.add(
            IndexSearch.decode(path, Formats.ATTRIBUTION, BytesRef.deepCopyOf(record).bytes));
      }
      return records;
    } catch (IOException e) {
      throw IndexException.failed("reading", path, e);
    }
  }
}
