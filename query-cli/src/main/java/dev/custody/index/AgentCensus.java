package dev.custody.index;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Who was at work: the agents are the terms of one field, and what they did is summed up from
 * columns. No record is read.
 */
final class AgentCensus {
  private final Map<String, Tally> agents = new TreeMap<>();

  private AgentCensus() {}

  /** The agents for whose id {@code wanted} holds, by id. */
  static List<AgentActivity> of(DirectoryReader reader, Predicate<String> wanted)
      throws IOException {
    AgentCensus census = new AgentCensus();
    for (LeafReaderContext leaf : reader.leaves()) {
      census.count(leaf.reader(), wanted);
    }
    return census.agents.entrySet().stream().map(e -> e.getValue().of(e.getKey())).toList();
  }

  private void count(LeafReader leaf, Predicate<String> wanted) throws IOException {
    Terms terms = leaf.terms(Fields.DOER);
    if (terms == null) {
      return;
    }
    TermsEnum each = terms.iterator();
    for (BytesRef term = each.next(); term != null; term = each.next()) {
      String id = term.utf8ToString();
      if (wanted.test(id)) {
        count(leaf, id, each.postings(null, PostingsEnum.NONE));
      }
    }
  }

  private void count(LeafReader leaf, String id, PostingsEnum documents) throws IOException {
    Bits live = leaf.getLiveDocs();
    Row row = new Row(leaf);
    for (int doc = documents.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = documents.nextDoc()) {
      // An id of which only replaced answers are left was never there.
      if (live == null || live.get(doc)) {
        row.read(doc);
        agents.computeIfAbsent(id, i -> new Tally()).add(row);
      }
    }
  }

  /** The columns of one document after the other. */
  private static final class Row {
    private final NumericDocValues times;
    private final Column session;
    private final Column human;
    private final Column host;
    private final Column delegation;
    private final Column chain;
    private long time;

    Row(LeafReader leaf) throws IOException {
      times = DocValues.getNumeric(leaf, Fields.TIME);
      session = new Column(leaf, Fields.DOER_SESSION);
      human = new Column(leaf, Fields.DOER_HUMAN);
      host = new Column(leaf, Fields.DOER_HOST);
      delegation = new Column(leaf, Fields.DOER_DELEGATION);
      chain = new Column(leaf, Fields.DOER_CHAIN);
    }

    void read(int doc) throws IOException {
      time = times.advanceExact(doc) ? times.longValue() : 0;
      session.read(doc);
      human.read(doc);
      host.read(doc);
      delegation.read(doc);
      chain.read(doc);
    }
  }

  /** Neighbours mostly have the same value: it is looked up once. */
  private static final class Column {
    private final SortedDocValues values;
    private int ordinal = -1;
    private @Nullable String known;
    private @Nullable String value;

    Column(LeafReader leaf, String field) throws IOException {
      this.values = DocValues.getSorted(leaf, field);
    }

    void read(int doc) throws IOException {
      if (!values.advanceExact(doc)) {
        value = null;
        return;
      }
      if (values.ordValue() != ordinal) {
        ordinal = values.ordValue();
        known = values.lookupOrd(ordinal).utf8ToString();
      }
      value = known;
    }
  }

  /** A span of time, and how often something was seen in it. */
  private static class Span {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    long events;
    final Set<String> humans = new TreeSet<>();

    void see(Row row) {
      first = Math.min(first, row.time);
      last = Math.max(last, row.time);
      events++;
      put(humans, row.human);
    }

    static void put(Set<String> set, Column column) {
      if (column.value != null) {
        set.add(column.value);
      }
    }
  }

  private static final class SessionSpan extends Span {
    final Set<String> hosts = new TreeSet<>();
    final Set<String> chains = new TreeSet<>();

    AgentActivity.Session of(String id) {
      return new AgentActivity.Session(
          id,
          Instant.ofEpochMilli(first),
          Instant.ofEpochMilli(last),
          events,
          Collections.unmodifiableSet(humans),
          Collections.unmodifiableSet(hosts),
          Collections.unmodifiableSet(chains));
    }
  }

  private static final class Tally extends Span {
    private final Map<String, SessionSpan> sessions = new HashMap<>();
    private final Set<String> delegations = new TreeSet<>();

    void add(Row row) {
      see(row);
      put(delegations, row.delegation);
      if (row.session.value != null) {
        SessionSpan session = sessions.computeIfAbsent(row.session.value, id -> new SessionSpan());
        session.see(row);
        put(session.hosts, row.host);
        put(session.chains, row.chain);
      }
    }

    AgentActivity of(String id) {
      List<AgentActivity.Session> all = new ArrayList<>();
      sessions.forEach((session, span) -> all.add(span.of(session)));
      all.sort(
          Comparator.comparing(AgentActivity.Session::last)
              .thenComparing(AgentActivity.Session::id)
              .reversed());
      return new AgentActivity(
          id,
          Instant.ofEpochMilli(first),
          Instant.ofEpochMilli(last),
          events,
          all,
          Collections.unmodifiableSet(humans),
          Collections.unmodifiableSet(delegations));
    }
  }
}
