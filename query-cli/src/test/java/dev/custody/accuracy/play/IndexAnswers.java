package dev.custody.accuracy.play;

import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Attribution;
import dev.custody.index.IndexSearch;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.Term;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the index as {@code custody who} does. */
final class IndexAnswers implements Answers, AutoCloseable {
  private static final int MOST = 50;

  private final IndexSearch search;

  IndexAnswers(Path index) {
    this.search = IndexSearch.open(index);
  }

  @Override
  public Optional<Attribution> to(Truth act) {
    return switch (act.kind()) {
      case TOOL_CALL -> toolCall(act.key());
      case CLOUD_CALL, COMMIT, CREDENTIAL_USE ->
          find(Term.IDENTIFIER, act.key()).stream()
              .filter(a -> act.key().equals(a.source().id()))
              .findFirst();
    };
  }

  // What came of the call where that is known, else its request; as `custody who` shows it.
  private Optional<Attribution> toolCall(String id) {
    List<Attribution> told =
        find(Term.TOOL_CALL, id).stream()
            .filter(a -> a.kind().startsWith("ToolCall") && id.equals(a.best().toolCall()))
            .toList();
    return told.stream()
        .filter(a -> a.kind().equals("ToolCallCompleted"))
        .findFirst()
        .or(() -> told.stream().findFirst());
  }

  private List<Attribution> find(Term term, String value) {
    return search
        .events(new Query(new Condition.Is(term, value), Order.NEWEST_FIRST, MOST))
        .items();
  }

  @Override
  public void close() {
    search.close();
  }
}
