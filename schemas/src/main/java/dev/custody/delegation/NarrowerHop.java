package dev.custody.delegation;

import dev.custody.digest.Digest;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.SpiffeId;
import java.util.List;

/** Whether a hop was made for its parent, and only narrows it. */
final class NarrowerHop {
  private NarrowerHop() {}

  static void check(Delegation child, Delegation parent, Digest commitment)
      throws InvalidDelegationException {
    checkMadeFor(child, parent, commitment);
    checkDepth(child, parent);
    checkTimes(child, parent);
    String session = parent.session();
    if (session != null && !session.equals(child.session())) {
      throw new InvalidDelegationException(
          DelegationDefect.OTHER_SESSION,
          "expected session %s, as in %s, found %s"
              .formatted(session, parent.id(), child.session() == null ? "none" : child.session()));
    }
    if (!child.scope().isWithin(parent.scope())) {
      throw new InvalidDelegationException(
          DelegationDefect.WIDENED,
          "expected a scope within that of %s (%s), found %s"
              .formatted(
                  parent.id(),
                  String.join("; ", parent.scope().inWords()),
                  String.join("; ", child.scope().inWords())));
    }
  }

  private static void checkMadeFor(Delegation child, Delegation parent, Digest commitment)
      throws InvalidDelegationException {
    Digest found = child.parent();
    if (found == null || !commitment.equals(found)) {
      throw new InvalidDelegationException(
          DelegationDefect.SPLICED,
          "expected a commitment to %s (%s), found %s"
              .formatted(parent.id(), commitment.hex(), found == null ? "none" : found.hex()));
    }
    if (!child.grantor().equals(parent.grantor())) {
      throw new InvalidDelegationException(
          DelegationDefect.SPLICED,
          "expected sub %s, found %s".formatted(parent.grantor(), child.grantor()));
    }
    List<SpiffeId> before = child.actors().subList(1, child.actors().size());
    if (!before.equals(parent.actors())) {
      throw new InvalidDelegationException(
          DelegationDefect.SPLICED,
          "expected one new actor before %s, found %s".formatted(parent.actors(), child.actors()));
    }
    if (parent.actors().contains(child.delegate())) {
      throw new InvalidDelegationException(
          DelegationDefect.CYCLE, "expected a new actor, found " + child.delegate() + " again");
    }
  }

  private static void checkDepth(Delegation child, Delegation parent)
      throws InvalidDelegationException {
    if (parent.maxDepth() == 0) {
      throw tooDeep(parent);
    }
    if (child.maxDepth() >= parent.maxDepth()) {
      throw new InvalidDelegationException(
          DelegationDefect.TOO_DEEP,
          "expected a max_depth below %d, that of %s, found %d"
              .formatted(parent.maxDepth(), parent.id(), child.maxDepth()));
    }
  }

  static InvalidDelegationException tooDeep(Delegation parent) {
    return new InvalidDelegationException(
        DelegationDefect.TOO_DEEP, parent.id() + " does not allow sub-agents");
  }

  private static void checkTimes(Delegation child, Delegation parent)
      throws InvalidDelegationException {
    if (child.notBefore().isBefore(parent.notBefore())
        || child.expiresAt().isAfter(parent.expiresAt())) {
      throw new InvalidDelegationException(
          DelegationDefect.OUTLIVES_PARENT,
          "expected validity within %s to %s, that of %s, found %s to %s"
              .formatted(
                  parent.notBefore(),
                  parent.expiresAt(),
                  parent.id(),
                  child.notBefore(),
                  child.expiresAt()));
    }
  }
}
