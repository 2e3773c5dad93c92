package dev.custody.cli;

import dev.custody.attribution.Attribution;
import dev.custody.index.AgentActivity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One agent: what was stated of it, and what was seen of it.
 *
 * @param spiffeId the agent
 * @param statements that verified, newest first; empty when nobody registered it
 * @param seen its own activity, and that of its tasks which nobody registered apart
 */
record AgentEntry(String spiffeId, List<Attribution> statements, List<AgentActivity> seen) {
  AgentEntry {
    statements = List.copyOf(statements);
    seen = List.copyOf(seen);
  }

  /** How an agent stands. */
  enum Status {
    REGISTERED("registered"),
    RETIRED("retired"),
    SEEN_AFTER_RETIREMENT("retired, and seen again"),
    UNREGISTERED("not registered");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  Status status() {
    if (statements.isEmpty()) {
      return Status.UNREGISTERED;
    }
    if (statements.getFirst().kind().equals(Lookup.REGISTERED)) {
      return Status.REGISTERED;
    }
    // A statement has whole seconds: what was seen in the same one may have been before it.
    Instant retired = statements.getFirst().occurredAt().plusSeconds(1);
    return last().filter(seen -> !seen.isBefore(retired)).isPresent()
        ? Status.SEEN_AFTER_RETIREMENT
        : Status.RETIRED;
  }

  /** Whether nobody expects it at what it was last seen to do. */
  boolean isUnexpected() {
    return status() == Status.UNREGISTERED || status() == Status.SEEN_AFTER_RETIREMENT;
  }

  /** The newest registration. */
  Optional<Attribution> registration() {
    return newest(Lookup.REGISTERED);
  }

  /** The retirement, unless it was registered again. */
  Optional<Attribution> retirement() {
    return statements.stream().limit(1).filter(s -> s.kind().equals(Lookup.RETIRED)).findFirst();
  }

  private Optional<Attribution> newest(String kind) {
    return statements.stream().filter(s -> s.kind().equals(kind)).findFirst();
  }

  Optional<Instant> first() {
    return seen.stream().map(AgentActivity::first).min(Comparator.naturalOrder());
  }

  Optional<Instant> last() {
    return seen.stream().map(AgentActivity::last).max(Comparator.naturalOrder());
  }

  long events() {
    return seen.stream().mapToLong(AgentActivity::events).sum();
  }

  /** Newest first. */
  List<AgentActivity.Session> sessions() {
    return seen.stream()
        .flatMap(a -> a.sessions().stream())
        .sorted(Comparator.comparing(AgentActivity.Session::last).reversed())
        .toList();
  }

  List<String> humans() {
    TreeSet<String> humans = new TreeSet<>();
    seen.forEach(a -> humans.addAll(a.humans()));
    return List.copyOf(humans);
  }

  List<String> delegations() {
    TreeSet<String> delegations = new TreeSet<>();
    seen.forEach(a -> delegations.addAll(a.delegations()));
    return List.copyOf(delegations);
  }
}
