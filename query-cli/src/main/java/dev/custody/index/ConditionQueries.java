package dev.custody.index;

import dev.custody.query.Condition;
import dev.custody.query.Condition.AllOf;
import dev.custody.query.Condition.AnyOf;
import dev.custody.query.Condition.Anything;
import dev.custody.query.Condition.Is;
import dev.custody.query.Condition.Like;
import dev.custody.query.Condition.StartsWith;
import dev.custody.query.Condition.Within;
import dev.custody.query.Condition.Words;
import dev.custody.query.Term;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;
import org.jspecify.annotations.Nullable;

/** Says a {@link Condition} in Lucene's terms, for events or for findings. */
enum ConditionQueries {
  EVENTS(Fields.EVENT) {
    @Override
    Field field(Term term) {
      return switch (term) {
        case ID -> new Field(Fields.ID, true);
        case KIND -> new Field(Fields.KIND, false);
        case ACTION -> new Field(Fields.ACTION, false);
        case ACTION_NAME -> new Field(Fields.ACTION_NAME, false);
        case RESOURCE -> new Field(Fields.RESOURCE, true);
        case RESOURCE_END -> new Field(Fields.RESOURCE_END, true);
        case AGENT -> new Field(Fields.AGENT, false);
        case HUMAN -> new Field(Fields.HUMAN, false);
        case SESSION -> new Field(Fields.SESSION, true);
        case PROMPT -> new Field(Fields.PROMPT, true);
        case TOOL_CALL -> new Field(Fields.TOOL_CALL, true);
        case DELEGATION -> new Field(Fields.DELEGATION, false);
        case VERDICT -> new Field(Fields.VERDICT, false);
        case GRADE -> new Field(Fields.GRADE, false);
        case OUTCOME -> new Field(Fields.OUTCOME, false);
        case IDENTIFIER -> new Field(Fields.IDENTIFIER, true);
        case COMMIT -> new Field(Fields.COMMIT, false);
        case CHAIN -> new Field(Fields.CHAIN, false);
        case HOST -> new Field(Fields.HOST, false);
        case SOURCE -> new Field(Fields.SOURCE, false);
        case RULE -> new Field(Fields.RULE, false);
        case SEVERITY -> new Field(Fields.SEVERITY, false);
      };
    }
  },
  FINDINGS(Fields.FINDING) {
    @Override
    Field field(Term term) {
      return switch (term) {
        case ID -> new Field(Fields.ID, true);
        case RULE -> new Field(Fields.RULE, false);
        case SEVERITY -> new Field(Fields.SEVERITY, false);
        default -> new Field(Fields.MENTION, false);
      };
    }
  };

  private final String type;

  ConditionQueries(String type) {
    this.type = type;
  }

  /**
   * Where a term is looked up.
   *
   * @param name field
   * @param exact whether case counts
   */
  record Field(String name, boolean exact) {
    org.apache.lucene.index.Term term(String value) {
      return new org.apache.lucene.index.Term(
          name, exact ? DocumentBuilder.cut(value) : DocumentBuilder.fold(value));
    }
  }

  abstract Field field(Term term);

  /** Documents of this type for which {@code condition} holds. */
  Query matching(Condition condition) {
    Query ofType = new TermQuery(new org.apache.lucene.index.Term(Fields.TYPE, type));
    return new ConstantScoreQuery(
        new BooleanQuery.Builder()
            .add(ofType, Occur.FILTER)
            .add(query(condition), Occur.FILTER)
            .build());
  }

  private Query query(Condition condition) {
    return switch (condition) {
      case Anything() -> MatchAllDocsQuery.INSTANCE;
      case AllOf(List<Condition> parts) -> join(parts, Occur.FILTER);
      case AnyOf(List<Condition> parts) -> join(parts, Occur.SHOULD);
      case Is(Term term, String value) -> new TermQuery(field(term).term(value));
      case Like(Term term, String pattern) ->
          // Lucene takes a backslash for an escape, the query language does not know any.
          new WildcardQuery(field(term).term(pattern.replace("\\", "\\\\")));
      case StartsWith(Term term, String prefix) -> new PrefixQuery(field(term).term(prefix));
      case Words(String text) -> words(text);
      case Within(@Nullable Instant from, @Nullable Instant until) ->
          LongPoint.newRangeQuery(
              Fields.TIME,
              from == null ? Long.MIN_VALUE : from.toEpochMilli(),
              until == null ? Long.MAX_VALUE : until.minusMillis(1).toEpochMilli());
    };
  }

  private Query join(List<Condition> parts, Occur occur) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    parts.forEach(part -> all.add(query(part), occur));
    return all.build();
  }

  private static Query words(String text) {
    PhraseQuery.Builder phrase = new PhraseQuery.Builder();
    int position = 0;
    try (Analyzer analyzer = new StandardAnalyzer();
        TokenStream tokens = analyzer.tokenStream(Fields.TEXT, text)) {
      CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        phrase.add(new org.apache.lucene.index.Term(Fields.TEXT, word.toString()), position++);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("splitting a text in memory failed", e);
    }
    return position == 0 ? new MatchNoDocsQuery("no word in it") : phrase.build();
  }
}
