package dev.custody.broker;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegation.Bearer;
import dev.custody.delegations.Binding;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.RecordedDelegation;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.identity.Delegation;
import dev.custody.identity.SpiffeId;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The delegations that this collector recorded, bound to sessions as their tool calls are. */
public final class BookedDelegations implements SessionDelegations {
  private final DelegationBook book;
  private final Bindings bindings;

  /** Those of {@code book}. */
  public BookedDelegations(DelegationBook book) {
    this.book = book;
    this.bindings = new Bindings(book);
  }

  @Override
  public GrantedDelegation of(
      KnownSession session, @Nullable String cwd, @Nullable String presented, Instant now)
      throws RefusedException {
    Human human = session.actor().human();
    Agent agent = session.actor().agent();
    if (human == null || agent == null) {
      throw refused(DelegationVerdict.NONE, "nobody is known that the session acts for");
    }
    SpiffeId id = SpiffeId.parse(agent.spiffeId());
    // The session's own directory, as its hooks told it: a request's is no evidence.
    Binding binding =
        bindings.at(root(session.project()), presented, human.id(), id, session.id(), null, now);
    String bound = binding.id();
    if (bound == null) {
      throw noneInForce(human.id(), id, session.id(), now);
    }
    RecordedDelegation known = book.find(bound);
    if (known == null || !known.delegation().grantor().equals(human.id())) {
      throw refused(
          DelegationVerdict.UNKNOWN,
          "no delegation %s of %s is recorded here".formatted(bound, human.id()));
    }
    Delegation delegation = known.delegation();
    // Which of the session's agents asks is not known: the main one is taken to.
    if (!new Bearer(id, null).mayPresent(delegation.delegate())) {
      throw refused(
          DelegationVerdict.OUTSIDE,
          "delegation %s is for %s, not for %s".formatted(bound, delegation.delegate(), id));
    }
    if (!known.isFor(session.id())) {
      throw refused(
          DelegationVerdict.OUTSIDE,
          "delegation %s is for session %s".formatted(bound, delegation.session()));
    }
    if (!known.inForceAt(now)) {
      throw refused(verdict(known, now), notInForce(known, now));
    }
    return new GrantedDelegation(
        delegation.id(),
        delegation.grantor(),
        delegation.scope(),
        delegation.expiresAt(),
        binding.basis() != Binding.Basis.NEWEST_GRANT);
  }

  private RefusedException noneInForce(String human, SpiffeId agent, String session, Instant now) {
    String none = "no delegation of %s to %s is in force".formatted(human, agent);
    List<RecordedDelegation> granted = book.grants(human, agent, session);
    return granted.isEmpty()
        ? refused(DelegationVerdict.NONE, none)
        : refused(
            verdict(granted.getFirst(), now), none + "; " + notInForce(granted.getFirst(), now));
  }

  private static DelegationVerdict verdict(RecordedDelegation known, Instant now) {
    if (known.revokedAt() != null && !now.isBefore(known.revokedAt())) {
      return DelegationVerdict.REVOKED;
    }
    return now.isBefore(known.delegation().notBefore())
        ? DelegationVerdict.NOT_YET_VALID
        : DelegationVerdict.EXPIRED;
  }

  private static String notInForce(RecordedDelegation known, Instant now) {
    Delegation delegation = known.delegation();
    if (known.revokedAt() != null && !now.isBefore(known.revokedAt())) {
      return "delegation %s was revoked at %s".formatted(known.id(), known.revokedAt());
    }
    return now.isBefore(delegation.notBefore())
        ? "delegation %s begins at %s".formatted(known.id(), delegation.notBefore())
        : "delegation %s ended at %s".formatted(known.id(), known.end());
  }

  private static RefusedException refused(DelegationVerdict verdict, String reason) {
    return new RefusedException(verdict, reason);
  }

  /** The root of the work tree around {@code directory}, or the directory itself outside of one. */
  private static @Nullable String root(@Nullable String directory) {
    if (directory == null) {
      return null;
    }
    try {
      for (Path at = Path.of(directory); at != null; at = at.getParent()) {
        if (Files.exists(at.resolve(".git"))) {
          return at.toString();
        }
      }
    } catch (InvalidPathException e) {
      return null;
    }
    return directory;
  }
}
