package dev.custody.query;

import dev.custody.event.Body;
import dev.custody.query.Query.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Turns the words and filters of a command into a {@link Query}. */
public final class QueryParser {
  /** What happened in the world: cloud calls, commits, credentials, delegations. */
  private static final List<String> WORLD =
      names(
          List.of(
              Body.CloudCall.class,
              Body.CommitCreated.class,
              Body.ReferenceUpdated.class,
              Body.CredentialIssued.class,
              Body.CredentialUsed.class,
              Body.CredentialRevoked.class,
              Body.DelegationGranted.class,
              Body.DelegationRevoked.class,
              Body.AgentRegistered.class,
              Body.KeyRevoked.class,
              Body.ConfigurationChanged.class));

  /** What the agent did or tried with its tools. */
  private static final List<String> TOOLS =
      names(
          List.of(
              Body.ToolCallRequested.class,
              Body.ToolCallCompleted.class,
              Body.ToolCallRefused.class));

  private static final List<String> ACTS = Stream.concat(WORLD.stream(), TOOLS.stream()).toList();

  private final Instant now;

  /** A parser for which {@code --since 7d} ends at {@code now}. */
  public QueryParser(Instant now) {
    this.now = now;
  }

  /**
   * The question of {@code custody who}: acts, newest first.
   *
   * @throws QuerySyntaxException naming the word that is not understood and what was expected
   */
  public Query who(List<String> words, Filters filters, int limit) throws QuerySyntaxException {
    if (words.isEmpty() && filters.isEmpty()) {
      throw new QuerySyntaxException(
          "who: expected an action, 'commit ID', 'touched PATH' or a filter, found nothing",
          "for example: custody who s3:DeleteBucket --since 7d");
    }
    List<Condition> conditions = new ArrayList<>(whoWords(words, filters.has(Filter.KIND)));
    conditions.addAll(filters.conditions(now));
    return new Query(Condition.allOf(conditions), Order.NEWEST_FIRST, limit);
  }

  /**
   * The question of {@code custody search}: events with all of the words.
   *
   * @throws QuerySyntaxException naming the word that is not understood and what was expected
   */
  public Query search(List<String> words, Filters filters, Order order, int limit)
      throws QuerySyntaxException {
    List<Condition> conditions = new ArrayList<>();
    for (String word : words) {
      conditions.add(wordOrText(word));
    }
    conditions.addAll(filters.conditions(now));
    return new Query(Condition.allOf(conditions), order, limit);
  }

  /**
   * The question of {@code custody trace}: events of a prompt or a session by the beginning of its
   * id, an event, a tool call, or a commit by the beginning of its id; oldest first.
   *
   * @throws QuerySyntaxException when the word is too short
   */
  public Query trace(String word, int limit) throws QuerySyntaxException {
    if (word.length() < 4 || word.length() > Word.MAX_CHARS) {
      throw new QuerySyntaxException(
          "trace: expected the id of a prompt, a session, an event or a commit, found '"
              + word
              + "'",
          "custody who and custody search show ids; 4 characters or more");
    }
    List<Condition> conditions = new ArrayList<>();
    conditions.add(new Condition.Is(Term.ID, word));
    conditions.add(new Condition.StartsWith(Term.PROMPT, word));
    conditions.add(new Condition.StartsWith(Term.SESSION, word));
    conditions.add(new Condition.Is(Term.TOOL_CALL, word));
    if (Word.isCommit(word)) {
      conditions.add(Word.commit(word));
    }
    return new Query(Condition.anyOf(conditions), Order.OLDEST_FIRST, limit);
  }

  private List<Condition> whoWords(List<String> words, boolean kindGiven)
      throws QuerySyntaxException {
    if (words.isEmpty()) {
      return kindGiven ? List.of() : List.of(kinds(ACTS));
    }
    return switch (words.getFirst()) {
      case "commit" -> commit(words, kindGiven);
      case "touched" -> touched(words, kindGiven);
      default -> named(words, kindGiven);
    };
  }

  private static List<Condition> commit(List<String> words, boolean kindGiven)
      throws QuerySyntaxException {
    Condition commit = Word.commit(only(words, "the id of a commit"));
    return kindGiven
        ? List.of(commit)
        : List.of(commit, kinds(names(List.of(Body.CommitCreated.class))));
  }

  private static List<Condition> touched(List<String> words, boolean kindGiven)
      throws QuerySyntaxException {
    Condition touched = Word.touched(only(words, "a file name, the end of a path or a resource"));
    return kindGiven ? List.of(touched) : List.of(touched, kinds(ACTS));
  }

  private static String only(List<String> words, String expected) throws QuerySyntaxException {
    if (words.size() == 2) {
      return words.get(1);
    }
    throw new QuerySyntaxException(
        words.size() < 2
            ? "%s: expected %s, found nothing".formatted(words.getFirst(), expected)
            : "%s: expected %s, found one word more: '%s'"
                .formatted(words.getFirst(), expected, words.get(2)),
        words.getFirst().equals("commit")
            ? "for example: custody who commit 1a2b3c4"
            : "for example: custody who touched .env");
  }

  private static List<Condition> named(List<String> words, boolean kindGiven)
      throws QuerySyntaxException {
    List<Condition> conditions = new ArrayList<>();
    for (String word : words) {
      Condition named = Word.named(word);
      conditions.add(kindGiven ? named : among(word, named));
    }
    return conditions;
  }

  /** {@code named} among the kinds of event that its word asks for. */
  private static Condition among(String word, Condition named) {
    return switch (Word.shape(word)) {
      case ACTION -> amongActions(word, named);
      // An id names one event of any kind, or the acts of a session, a prompt or a tool call.
      case UUID ->
          Condition.anyOf(
              List.of(
                  new Condition.Is(Term.ID, word.toLowerCase(Locale.ROOT)),
                  Condition.allOf(List.of(named, kinds(ACTS)))));
      case ARN, ACCESS_KEY, AGENT, COMMIT, PATH, OTHER ->
          Condition.allOf(List.of(named, kinds(ACTS)));
    };
  }

  private static Condition amongActions(String word, Condition named) {
    String service = word.substring(0, word.indexOf(':')).toLowerCase(Locale.ROOT);
    return switch (service) {
      case "tool" -> Condition.allOf(List.of(named, kinds(TOOLS)));
      case "session", "prompt", "subagent" -> named;
      default -> Condition.allOf(List.of(named, kinds(WORLD)));
    };
  }

  private static Condition wordOrText(String word) throws QuerySyntaxException {
    Condition named = Word.named(word);
    return word.contains("*") || word.contains("?")
        ? named
        : Condition.anyOf(List.of(named, new Condition.Words(word)));
  }

  private static Condition kinds(List<String> kinds) {
    return Condition.anyOf(
        kinds.stream().map(k -> (Condition) new Condition.Is(Term.KIND, k)).toList());
  }

  private static List<String> names(List<Class<? extends Body>> kinds) {
    return kinds.stream().map(Class::getSimpleName).toList();
  }
}
