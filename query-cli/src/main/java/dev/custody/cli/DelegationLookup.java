package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.event.Body;
import dev.custody.index.IndexSearch;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the index knows of delegations. */
final class DelegationLookup {
  static final String GRANTED = Body.DelegationGranted.class.getSimpleName();
  static final String REVOKED = Body.DelegationRevoked.class.getSimpleName();
  private static final String ENDED = Body.SessionEnded.class.getSimpleName();
  private static final int MOST = 100;
  private static final Pattern HOP = Pattern.compile("^([^: ]+): ");
  private static final Pattern START = Pattern.compile(" from (\\S+) until ");

  private final IndexSearch search;

  DelegationLookup(IndexSearch search) {
    this.search = search;
  }

  /** How a delegation stands now. */
  enum State {
    IN_FORCE("in force"),
    NOT_BEGUN("not begun"),
    ENDED("ended"),
    REVOKED("revoked"),
    CONTRADICTED("does not count"),
    UNVERIFIED("does not verify");

    private final String words;

    State(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * How it stands, and why.
   *
   * @param since from when on, null where that is not known or does not matter
   * @param why in words, empty where the state says it all
   */
  record Standing(State state, @Nullable Instant since, String why) {}

  /** The records of grants under {@code id}, the first that was recorded first. */
  List<Attribution> grants(String id) {
    return find(Order.OLDEST_FIRST, is(Term.KIND, GRANTED), is(Term.DELEGATION, id));
  }

  /** The revocations of {@code id} by {@code grantor}, the first first. */
  List<Attribution> revocations(String id, @Nullable String grantor) {
    return find(Order.OLDEST_FIRST, is(Term.KIND, REVOKED), is(Term.DELEGATION, id)).stream()
        .filter(e -> grantor != null && Objects.equals(e.delegation().grantor(), grantor))
        .toList();
  }

  /** How often acts under {@code id} were judged so. */
  Map<DelegationVerdict, Long> judged(String id) {
    Map<DelegationVerdict, Long> counts = new EnumMap<>(DelegationVerdict.class);
    for (DelegationVerdict verdict : DelegationVerdict.values()) {
      if (verdict == DelegationVerdict.NOT_APPLICABLE) {
        continue;
      }
      Condition under =
          new Condition.AllOf(List.of(is(Term.DELEGATION, id), is(Term.VERDICT, verdict.name())));
      long total = search.events(new Query(under, Order.NEWEST_FIRST, 1)).total();
      if (total > 0) {
        counts.put(verdict, total);
      }
    }
    return counts;
  }

  /** How the delegation of {@code grant} stands at {@code now}. */
  Standing standing(Attribution grant, Instant now) {
    String id = grant.delegation().id();
    Instant until = grant.delegation().expiresAt();
    if (id == null || until == null) {
      return new Standing(State.UNVERIFIED, null, "see the log of the stream processor");
    }
    if (grant.delegation().reason().startsWith("does not count")) {
      return new Standing(State.CONTRADICTED, null, grant.delegation().reason());
    }
    Optional<Standing> revoked = revoked(grant, id, until);
    if (revoked.isPresent()) {
      return revoked.get();
    }
    Optional<Instant> session = sessionEnd(grant).filter(end -> end.isBefore(until));
    if (session.isPresent()) {
      return new Standing(State.ENDED, session.get(), "with its session");
    }
    if (!now.isBefore(until)) {
      return new Standing(State.ENDED, until, "");
    }
    Matcher start = START.matcher(grant.delegation().reason());
    return start.find() && now.isBefore(Instant.parse(start.group(1)))
        ? new Standing(State.NOT_BEGUN, null, "begins at " + start.group(1))
        : new Standing(State.IN_FORCE, null, "");
  }

  private Optional<Standing> revoked(Attribution grant, String id, Instant until) {
    List<String> line = new ArrayList<>(ancestors(grant));
    line.remove(id);
    line.add(id);
    for (String each : line) {
      Optional<Attribution> revocation =
          revocations(each, grant.delegation().grantor()).stream().findFirst();
      if (revocation.isPresent() && revocation.get().observedAt().isBefore(until)) {
        String reason = revocation.get().delegation().reason();
        String why = each.equals(id) ? reason : each + ", which it is handed on from: " + reason;
        return Optional.of(new Standing(State.REVOKED, revocation.get().observedAt(), why));
      }
    }
    return Optional.empty();
  }

  /** Ids of the hops, the human's own grant first; empty when there is but one. */
  private static List<String> ancestors(Attribution grant) {
    return grant.delegation().chain().stream()
        .map(HOP::matcher)
        .filter(Matcher::find)
        .map(m -> m.group(1))
        .toList();
  }

  private Optional<Instant> sessionEnd(Attribution grant) {
    String session = grant.best().session();
    return session == null
        ? Optional.empty()
        : find(Order.OLDEST_FIRST, is(Term.KIND, ENDED), is(Term.SESSION, session)).stream()
            .map(Attribution::observedAt)
            .filter(end -> !end.isBefore(grant.observedAt()))
            .min(Instant::compareTo);
  }

  private List<Attribution> find(Order order, Condition... conditions) {
    return search.events(new Query(new Condition.AllOf(List.of(conditions)), order, MOST)).items();
  }

  private static Condition is(Term term, String value) {
    return new Condition.Is(term, value);
  }
}
