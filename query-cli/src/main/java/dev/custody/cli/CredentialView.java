package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.IssuedCredential;
import dev.custody.event.Body;
import dev.custody.event.Outcome;
import dev.custody.index.CredentialSearch;
import dev.custody.index.CredentialSearch.Facet;
import dev.custody.index.CredentialSearch.Part;
import dev.custody.query.Condition;
import dev.custody.query.Term;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one credential now.
 *
 * @param id its public id
 * @param issue the record that shows it being handed out, the broker's own where there is one
 * @param firstUse the first call with it that a provider recorded
 * @param lastUse the last one
 * @param uses how many calls there are
 * @param sessions agent sessions that used it, were shown it or were given it, with the number of
 *     records
 * @param addresses where it was used from
 * @param principals as whom it was used
 * @param state whether it is in force
 */
record CredentialView(
    String id,
    Optional<Attribution> issue,
    Optional<Attribution> firstUse,
    Optional<Attribution> lastUse,
    long uses,
    Map<String, Long> sessions,
    Map<String, Long> addresses,
    Map<String, Long> principals,
    State state) {
  /** Most values of one kind that are shown. */
  static final int MOST = 100;

  /** Whether it is in force. */
  enum State {
    IN_FORCE("in force"),
    EXPIRED("expired"),
    OUTLIVED_SESSION("in force, though its session has ended"),
    REVOKED("revoked"),
    UNKNOWN("end not known");

    private final String words;

    State(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  CredentialView {
    sessions = Map.copyOf(sessions);
    addresses = Map.copyOf(addresses);
    principals = Map.copyOf(principals);
  }

  static CredentialView of(CredentialSearch search, String id, Instant now) {
    List<Attribution> issues = search.oldest(Part.ISSUED, id, new Condition.Anything(), 8);
    Optional<Attribution> issue =
        issues.stream()
            .filter(e -> e.kind().equals(kind(Body.CredentialIssued.class)))
            .findFirst()
            .or(() -> issues.stream().findFirst());
    return new CredentialView(
        id,
        issue,
        search.first(Part.USED, id),
        search.last(Part.USED, id),
        search.count(Part.USED, id),
        search.values(id, Facet.SESSION, MOST),
        search.values(id, Facet.ADDRESS, MOST),
        search.values(id, Facet.PRINCIPAL, MOST),
        state(search, id, issue.map(Attribution::issued).orElse(null), now));
  }

  /** A long-term key of a user: nothing but its owner ends it. */
  boolean isStatic() {
    return id.startsWith("AKIA");
  }

  @Nullable Instant expiresAt() {
    return issue.map(Attribution::issued).map(IssuedCredential::expiresAt).orElse(null);
  }

  /** Whose it is: what it was used as, else the role that it was issued for. */
  Optional<String> principal() {
    return principals.keySet().stream()
        .sorted()
        .findFirst()
        .or(() -> issue.map(Attribution::issued).map(IssuedCredential::authority));
  }

  private static State state(
      CredentialSearch search, String id, @Nullable IssuedCredential issued, Instant now) {
    List<Attribution> ended =
        search.oldest(
            Part.NAMED, id, new Condition.Is(Term.KIND, kind(Body.CredentialRevoked.class)), 8);
    if (ended.stream().anyMatch(e -> e.outcome() == Outcome.SUCCESS)) {
      return State.REVOKED;
    }
    Instant end = issued == null ? null : issued.expiresAt();
    if (end != null && !now.isBefore(end)) {
      return State.EXPIRED;
    }
    if (!ended.isEmpty()) {
      return State.OUTLIVED_SESSION;
    }
    return end == null ? State.UNKNOWN : State.IN_FORCE;
  }

  private static String kind(Class<? extends Body> body) {
    return body.getSimpleName();
  }
}
