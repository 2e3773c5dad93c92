package dev.custody.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.query.Condition.Within;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final QueryParser parser = new QueryParser(NOW);

  @ParameterizedTest
  @CsvSource({
    "90s, 2026-11-22T11:58:30Z",
    "90m, 2026-11-22T10:30:00Z",
    "24h, 2026-11-21T12:00:00Z",
    "7d, 2026-11-15T12:00:00Z",
    "2w, 2026-11-08T12:00:00Z",
    "2026-11-20, 2026-11-20T00:00:00Z",
    "2026-11-20T10:00, 2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00+02:00, 2026-11-20T08:00:00Z"
  })
  void sinceTakesDurationsDaysAndInstants(String typed, Instant expected) throws Exception {
    Query query = parser.who(List.of(), new Filters(Map.of(), typed, null), 20);
    assertThat(query.condition().toString()).contains(new Within(expected, null).toString());
  }

  @Test
  void untilMeansADayAsAWhole() throws Exception {
    Query query = parser.who(List.of(), new Filters(Map.of(), null, "2026-11-20"), 20);
    assertThat(query.condition().toString())
        .contains(new Within(null, Instant.parse("2026-11-21T00:00:00Z")).toString());
  }

  @ParameterizedTest
  @CsvSource({"7", "yesterday", "7y", "2026-13-01", "2026-11-22T25:00:00Z", "99999999999d"})
  void aTimeThatIsNoneIsNamedWithWhatWasExpected(String typed) {
    assertRefused(
        () -> parser.who(List.of(), new Filters(Map.of(), typed, null), 20),
        "--since: expected a duration, a date or an instant, found '" + typed + "'",
        "--since 7d");
  }

  @Test
  void anUnknownKindIsNamedWithTheKindsThatThereAre() {
    assertRefused(
        () -> parser.who(List.of(), only(Filter.KIND, "Clod"), 20),
        "--kind: expected one of the values below, found 'Clod'",
        "CloudCall");
    assertRefused(
        () -> parser.who(List.of(), only(Filter.GRADE, "sure"), 20),
        "--grade: expected one of the values below, found 'sure'",
        "PROVEN, CORROBORATED, INFERRED, UNATTRIBUTED");
  }

  @Test
  void aCommitNeedsFourHexDigits() {
    assertRefused(
        () -> parser.who(List.of("commit", "1a2"), Filters.none(), 20),
        "commit: expected 4 to 64 hex digits, found '1a2'",
        "custody who commit");
    assertRefused(
        () -> parser.who(List.of("commit"), Filters.none(), 20),
        "commit: expected the id of a commit, found nothing",
        "custody who commit");
    assertRefused(
        () -> parser.who(List.of("touched", ".env", "now"), Filters.none(), 20),
        "touched: expected a file name, the end of a path or a resource, found one word more: 'now'",
        "custody who touched .env");
  }

  @Test
  void nothingAtAllIsRefused() {
    assertRefused(
        () -> parser.who(List.of(), Filters.none(), 20),
        "who: expected an action, 'commit ID', 'touched PATH' or a filter, found nothing",
        "custody who s3:DeleteBucket");
  }

  @Test
  void tooManyWildcardsAreRefused() {
    assertRefused(
        () -> parser.who(List.of("s3:" + "*a".repeat(17)), Filters.none(), 20),
        "'s3:" + "*a".repeat(17) + "': expected at most 16 wildcards, found 17",
        "exact");
  }

  @Test
  void anEmptySpanIsRefused() {
    assertRefused(
        () -> parser.who(List.of(), new Filters(Map.of(), "1d", "2d"), 20),
        "--since 1d is not before --until 2d",
        "swap");
  }

  private static Filters only(Filter filter, String value) {
    return new Filters(Map.of(filter, List.of(value)), null, null);
  }

  private static void assertRefused(ThrowingCallable parse, String message, String hint) {
    assertThatThrownBy(parse)
        .isInstanceOf(QuerySyntaxException.class)
        .hasMessage(message)
        .satisfies(e -> assertThat(((QuerySyntaxException) e).hint()).contains(hint));
  }
}
