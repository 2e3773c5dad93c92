package dev.custody.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells under which delegation a session works. */
@FunctionalInterface
public interface SessionDelegations {
  /**
   * The delegation that is in force for {@code session} at {@code now}.
   *
   * @param cwd where the request comes from, where it says so
   * @param presented the delegation that the request names, if it names one
   * @throws RefusedException when there is none: not granted, not begun, ended, revoked, unknown
   */
  GrantedDelegation of(
      KnownSession session, @Nullable String cwd, @Nullable String presented, Instant now)
      throws RefusedException;
}
