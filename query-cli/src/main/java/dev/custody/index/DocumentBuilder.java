package dev.custody.index;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** One document; what every type of document has in common. */
final class DocumentBuilder {
  /** Longest value that is searched whole; Lucene takes 32,766 bytes. */
  private static final int MAX_KEYWORD_CHARS = 4096;

  /** Most parts of a path from its end that are searched. */
  private static final int MAX_ENDS = 8;

  private final Document document = new Document();
  private final Set<String> seen = new HashSet<>();

  DocumentBuilder(String type, String key, Instant time, byte[] record) {
    document.add(new StringField(Fields.TYPE, type, Field.Store.NO));
    document.add(new StringField(Fields.KEY, key, Field.Store.NO));
    document.add(new LongPoint(Fields.TIME, time.toEpochMilli()));
    document.add(new NumericDocValuesField(Fields.TIME, time.toEpochMilli()));
    document.add(new SortedDocValuesField(Fields.ORDER, new BytesRef(key)));
    document.add(new StoredField(Fields.RECORD, record));
  }

  /** A key that is unique among all types, and short enough for Lucene. */
  static String key(String type, String id) {
    return type + ":" + cut(id);
  }

  static String key(EventId event) {
    return key(Fields.EVENT, event.toString());
  }

  static String cut(String value) {
    return value.length() <= MAX_KEYWORD_CHARS ? value : value.substring(0, MAX_KEYWORD_CHARS);
  }

  static String fold(String value) {
    return cut(value).toLowerCase(Locale.ROOT);
  }

  DocumentBuilder revision(long revision) {
    document.add(new NumericDocValuesField(Fields.REVISION, revision));
    return this;
  }

  /** A value whose case counts; the same one counts once. */
  DocumentBuilder exact(String field, @Nullable String value) {
    if (value != null && !value.isEmpty() && seen.add(field + "\0" + cut(value))) {
      document.add(new StringField(field, cut(value), Field.Store.NO));
    }
    return this;
  }

  /** A value of a column, at most one a document. */
  DocumentBuilder column(String field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      document.add(new SortedDocValuesField(field, new BytesRef(cut(value))));
    }
    return this;
  }

  /** A value whose case does not count. */
  DocumentBuilder folded(String field, @Nullable String value) {
    return exact(field, value == null ? null : fold(value));
  }

  DocumentBuilder text(@Nullable String value) {
    if (value != null && !value.isEmpty()) {
      document.add(new TextField(Fields.TEXT, value, Field.Store.NO));
    }
    return this;
  }

  /** A resource: whole, by its ends, and by its words. */
  DocumentBuilder resource(String resource) {
    exact(Fields.RESOURCE, resource);
    int ends = 0;
    for (int i = resource.length() - 1; i > 0 && ends < MAX_ENDS; i--) {
      if (isSeparator(resource.charAt(i - 1)) && !isSeparator(resource.charAt(i))) {
        exact(Fields.RESOURCE_END, resource.substring(i));
        ends++;
      }
    }
    exact(Fields.RESOURCE_END, resource);
    return text(resource);
  }

  DocumentBuilder action(@Nullable String action) {
    if (action == null) {
      return this;
    }
    return folded(Fields.ACTION, action)
        .folded(Fields.ACTION_NAME, action.substring(action.indexOf(':') + 1))
        .text(action)
        .text(action.replace(':', ' '));
  }

  DocumentBuilder texts(Collection<String> values) {
    values.forEach(this::text);
    return this;
  }

  Document build() {
    return document;
  }

  private static boolean isSeparator(char c) {
    return c == '/' || c == ':' || c == '\\';
  }
}
