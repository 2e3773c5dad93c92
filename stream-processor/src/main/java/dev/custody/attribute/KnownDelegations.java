package dev.custody.attribute;

import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one human's delegations: a function of the set of grants, revocations and
 * session ends, whatever their order. Immutable.
 */
final class KnownDelegations {
  private static final Comparator<Grant> FIRST_RECORDED =
      Comparator.comparing(Grant::observedAt).thenComparing(g -> g.grantedIn().toString());
  private static final Comparator<Known> NEWEST_FIRST =
      Comparator.comparing((Known k) -> k.grant().issuedAt())
          .thenComparing(k -> k.grant().id())
          .reversed();

  /** A human who granted nothing. */
  static final KnownDelegations NONE = new KnownDelegations(Map.of());

  private final Map<String, Known> byId;

  private KnownDelegations(Map<String, Known> byId) {
    this.byId = byId;
  }

  /**
   * A grant and what became of it.
   *
   * @param grant the first that was recorded under its id
   * @param delegate its delegate
   * @param scope its scope; null when this release cannot read it: then it allows nothing
   * @param revoked the first revocation of it, or of what it was handed on from; null for none
   * @param sessionEnd when the session ended that it is bound to; null while it goes on
   * @param contradicted whether another token was recorded under its id later
   */
  record Known(
      Grant grant,
      SpiffeId delegate,
      @Nullable Scope scope,
      @Nullable Ending revoked,
      @Nullable Instant sessionEnd,
      boolean contradicted) {
    /** End of validity: by its own time or by its session's. */
    Instant end() {
      Instant session = sessionEnd;
      return session != null && session.isBefore(grant.expiresAt()) ? session : grant.expiresAt();
    }

    boolean judges(String action) {
      Scope read = scope;
      String family = action.substring(0, action.indexOf(':') + 1).toLowerCase(Locale.ROOT);
      return read != null && (read.judges(action) || grant.families().contains(family));
    }

    boolean permits(String action, List<String> resources) {
      Scope read = scope;
      return read != null && read.permits(action, resources);
    }
  }

  static KnownDelegations of(List<Grant> grants, List<Ending> endings) {
    Map<String, Grant> first = new LinkedHashMap<>();
    Map<String, Boolean> contradicted = new HashMap<>();
    for (Grant grant : grants.stream().sorted(FIRST_RECORDED).toList()) {
      Grant kept = first.putIfAbsent(grant.id(), grant);
      if (kept != null && !kept.token().equals(grant.token())) {
        contradicted.put(grant.id(), true);
      }
    }
    Map<String, Ending> revoked =
        endings.stream()
            .filter(e -> e.delegation() != null)
            .collect(
                Collectors.toMap(
                    e -> String.valueOf(e.delegation()), e -> e, KnownDelegations::earlier));
    Map<String, NavigableSet<Instant>> ended = new HashMap<>();
    endings.stream()
        .filter(e -> e.session() != null)
        .forEach(e ->
            ended
                .computeIfAbsent(String.valueOf(e.session()), s -> new TreeSet<>())
                .add(e.observedAt()));
    Map<String, Known> byId = new LinkedHashMap<>();
    first.values().stream()
        .map(g -> known(g, revoked, ended, contradicted.containsKey(g.id())))
        .sorted(NEWEST_FIRST)
        .forEach(k -> byId.put(k.grant().id(), k));
    return new KnownDelegations(byId);
  }

  private static Known known(
      Grant grant,
      Map<String, Ending> revoked,
      Map<String, NavigableSet<Instant>> ended,
      boolean contradicted) {
    Ending revocation = revoked.get(grant.id());
    for (String ancestor : grant.ancestors()) {
      Ending above = revoked.get(ancestor);
      if (above != null) {
        revocation = revocation == null ? above : earlier(revocation, above);
      }
    }
    // A session that is resumed after its end may be granted to anew.
    NavigableSet<Instant> ends = grant.session() == null ? null : ended.get(grant.session());
    return new Known(
        grant,
        SpiffeId.parse(grant.delegate()),
        scope(grant).orElse(null),
        revocation,
        ends == null ? null : ends.ceiling(grant.observedAt()),
        contradicted);
  }

  private static Ending earlier(Ending one, Ending other) {
    int order =
        Comparator.comparing(Ending::observedAt)
            .thenComparing(e -> e.event().toString())
            .compare(one, other);
    return order <= 0 ? one : other;
  }

  // A recorded grant was verified, scope and all; one of another release that cannot be read allows
  // nothing.
  static Optional<Scope> scope(Grant grant) {
    try {
      return Optional.of(Scope.ofAuthorizationDetails(grant.authorizationDetails()));
    } catch (InvalidDelegationException e) {
      return Optional.empty();
    }
  }

  @Nullable Known get(String id) {
    return byId.get(id);
  }

  /** All of them, newest first. */
  List<Known> newestFirst() {
    return new ArrayList<>(byId.values());
  }

  /** Sessions that some grant among {@code grants} is bound to. */
  static Set<String> boundSessions(List<Grant> grants) {
    return grants.stream()
        .filter(g -> g.session() != null)
        .map(g -> String.valueOf(g.session()))
        .collect(Collectors.toSet());
  }
}
