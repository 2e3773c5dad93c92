package dev.custody.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells by its looks what a bare word of the command line names. */
final class Word {
  /** Longest word; longer ones would only slow the index down. */
  static final int MAX_CHARS = 4096;

  /** Most wildcards in a word: each multiplies the states of the automaton that matches it. */
  static final int MAX_WILDCARDS = 16;

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");
  private static final Pattern ACCESS_KEY = Pattern.compile("A(KI|SI)A[A-Z0-9*?]{4,28}");
  private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9_*?-]+:[A-Za-z0-9_.*?-]+");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{4,64}");
  private static final Pattern WHOLE_COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private Word() {}

  /** What a word names. */
  enum Shape {
    ACTION,
    UUID,
    ARN,
    ACCESS_KEY,
    AGENT,
    COMMIT,
    PATH,
    OTHER
  }

  static Shape shape(String word) {
    if (word.startsWith("arn:")) {
      return Shape.ARN;
    }
    if (word.startsWith("spiffe://")) {
      return Shape.AGENT;
    }
    if (UUID.matcher(word).matches()) {
      return Shape.UUID;
    }
    if (ACCESS_KEY.matcher(word).matches()) {
      return Shape.ACCESS_KEY;
    }
    if (WHOLE_COMMIT.matcher(word).matches()) {
      return Shape.COMMIT;
    }
    if (ACTION.matcher(word).matches()) {
      return Shape.ACTION;
    }
    return word.contains("/") || word.startsWith(".") ? Shape.PATH : Shape.OTHER;
  }

  /** Everything that {@code word} may name exactly. */
  static Condition named(String word) throws QuerySyntaxException {
    String where = "'" + word + "'";
    return switch (shape(word)) {
      case ACTION -> match(where, Term.ACTION, word);
      case UUID ->
          any(
              where,
              word.toLowerCase(Locale.ROOT),
              Term.ID,
              Term.SESSION,
              Term.PROMPT,
              Term.TOOL_CALL,
              Term.AGENT);
      case ARN -> match(where, Term.RESOURCE, word);
      case ACCESS_KEY -> match(where, Term.IDENTIFIER, word);
      case AGENT -> match(where, Term.AGENT, word);
      case COMMIT -> match(where, Term.COMMIT, word);
      case PATH -> touched(word);
      case OTHER ->
          any(
              where,
              word,
              Term.ACTION_NAME,
              Term.AGENT,
              Term.HUMAN,
              Term.SESSION,
              Term.PROMPT,
              Term.TOOL_CALL,
              Term.DELEGATION,
              Term.IDENTIFIER,
              Term.CHAIN,
              Term.RULE,
              Term.RESOURCE_END);
    };
  }

  /** The resource that {@code path} is, or is the end of. */
  static Condition touched(String path) throws QuerySyntaxException {
    String where = "'" + path + "'";
    String end = path.startsWith("./") ? path.substring(2) : path;
    if (end.startsWith("/") || end.contains("://") || end.startsWith("arn:")) {
      return match(where, Term.RESOURCE, end);
    }
    return any(where, end, Term.RESOURCE_END, Term.RESOURCE);
  }

  /** Whether {@code id} may be the beginning of a commit's id. */
  static boolean isCommit(String id) {
    return COMMIT.matcher(id).matches();
  }

  /** A commit by the beginning of its id. */
  static Condition commit(String id) throws QuerySyntaxException {
    if (!isCommit(id)) {
      throw new QuerySyntaxException(
          "commit: expected 4 to 64 hex digits, found '" + id + "'",
          "git log --oneline shows ids; for example: custody who commit 1a2b3c4");
    }
    return new Condition.StartsWith(Term.COMMIT, id.toLowerCase(Locale.ROOT));
  }

  /** The value of {@code term}; a pattern where it has wildcards. */
  static Condition match(String where, Term term, String value) throws QuerySyntaxException {
    if (value.isBlank()) {
      throw new QuerySyntaxException(
          where + ": expected a value, found nothing", "leave it out to match everything");
    }
    if (value.length() > MAX_CHARS) {
      throw new QuerySyntaxException(
          "%s: expected at most %,d characters, found %,d"
              .formatted(
                  where.substring(0, Math.min(40, where.length())), MAX_CHARS, value.length()),
          "use a shorter part with a wildcard");
    }
    long wildcards = value.chars().filter(c -> c == '*' || c == '?').count();
    if (wildcards > MAX_WILDCARDS) {
      throw new QuerySyntaxException(
          "%s: expected at most %d wildcards, found %d".formatted(where, MAX_WILDCARDS, wildcards),
          "use a more exact pattern");
    }
    return wildcards == 0 ? new Condition.Is(term, value) : new Condition.Like(term, value);
  }

  private static Condition any(String where, String word, Term... terms)
      throws QuerySyntaxException {
    List<Condition> alternatives = new ArrayList<>();
    for (Term term : terms) {
      alternatives.add(match(where, term, word));
    }
    return new Condition.AnyOf(alternatives);
  }
}
