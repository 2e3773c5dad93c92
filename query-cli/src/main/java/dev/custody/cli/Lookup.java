package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import dev.custody.event.EventId;
import dev.custody.index.IndexSearch;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what an answer refers to: the event of a prompt, of a tool call, of a node. */
final class Lookup {
  static final String PROMPT = kind(Body.PromptSubmitted.class);
  static final String REQUESTED = kind(Body.ToolCallRequested.class);
  static final String COMPLETED = kind(Body.ToolCallCompleted.class);
  static final String REFUSED = kind(Body.ToolCallRefused.class);
  static final String CLOUD_CALL = kind(Body.CloudCall.class);
  static final String COMMIT = kind(Body.CommitCreated.class);
  static final String REGISTERED = kind(Body.AgentRegistered.class);
  static final String RETIRED = kind(Body.AgentRetired.class);

  private static final String GENESIS = kind(Body.Genesis.class);

  private static final int MOST_OF_A_CALL = 16;

  private final IndexSearch search;
  private final Map<ChainId, Optional<String>> collectors = new HashMap<>();

  Lookup(IndexSearch search) {
    this.search = search;
  }

  private static String kind(Class<? extends Body> body) {
    return body.getSimpleName();
  }

  /** The event in which {@code prompt} was submitted. */
  Optional<Attribution> prompt(@Nullable String prompt) {
    return prompt == null
        ? Optional.empty()
        : find(1, is(Term.KIND, PROMPT), is(Term.PROMPT, prompt)).stream().findFirst();
  }

  /** What came of a tool call: its end where there is one, else its request. */
  Optional<Attribution> toolCall(@Nullable String toolCall) {
    if (toolCall == null) {
      return Optional.empty();
    }
    List<Attribution> events =
        find(
            MOST_OF_A_CALL,
            is(Term.TOOL_CALL, toolCall),
            new Condition.AnyOf(
                List.of(
                    is(Term.KIND, REQUESTED), is(Term.KIND, COMPLETED), is(Term.KIND, REFUSED))));
    return events.stream()
        .filter(e -> !e.kind().equals(REQUESTED))
        .findFirst()
        .or(() -> events.stream().findFirst());
  }

  /** Whether {@code event} is the request of a call whose end is known too. */
  boolean isSuperseded(Attribution event) {
    return event.kind().equals(REQUESTED)
        && toolCall(event.best().toolCall())
            .filter(latest -> !latest.kind().equals(REQUESTED))
            .isPresent();
  }

  /**
   * The SPIFFE ID of the collector that wrote {@code chain}, from the certificate in the chain's
   * first event; empty when that is not in the index.
   */
  Optional<String> collector(ChainId chain) {
    return collectors.computeIfAbsent(
        chain,
        c ->
            find(1, is(Term.KIND, GENESIS), is(Term.CHAIN, c.hex())).stream()
                .flatMap(genesis -> genesis.resources().stream())
                .findFirst());
  }

  /** The answers about {@code event} that were replaced, newest first. */
  List<Attribution> history(Attribution event) {
    return search.history(event);
  }

  /** The event with this id, when it is one. */
  Optional<Attribution> event(String id) {
    try {
      return search.event(EventId.parse(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<Attribution> find(int limit, Condition... conditions) {
    return search
        .events(new Query(new Condition.AllOf(List.of(conditions)), Order.OLDEST_FIRST, limit))
        .items();
  }

  private static Condition is(Term term, String value) {
    return new Condition.Is(term, value);
  }
}
