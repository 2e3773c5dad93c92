package dev.custody.delegations;

import dev.custody.delegation.Bearer;
import dev.custody.identity.SpiffeId;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which delegation a session works under: what its project is configured with, else what its
 * environment says, else the newest grant in force. Asked anew for each of its events, so a grant
 * counts from when it was recorded, in the middle of a session too. Safe for use by several
 * threads.
 */
public final class Bindings {
  private static final Pattern ID = Pattern.compile("[\\w+=,.@-]{8,64}");

  private final DelegationBook book;
  private final ProjectDelegation projects = new ProjectDelegation();

  /** Knows the delegations in {@code book}. */
  public Bindings(DelegationBook book) {
    this.book = book;
  }

  /**
   * The binding at {@code moment}.
   *
   * @param root root of the work tree; null where the hook does not say where it is
   * @param session the agent's session
   * @param subAgent who acts in it; null for the main agent
   * @param environment what the agent's environment names; null or blank for nothing
   */
  public Binding at(
      @Nullable String root,
      @Nullable String environment,
      String human,
      SpiffeId agent,
      String session,
      @Nullable String subAgent,
      Instant moment) {
    RecordedDelegation hop =
        subAgent == null
            ? null
            : book.hop(human, new Bearer(agent, subAgent).id(), session, moment);
    return hop == null
        ? ofMain(root, environment, human, agent, session, moment)
        : new Binding(hop.id(), Binding.Basis.HOP);
  }

  private Binding ofMain(
      @Nullable String root,
      @Nullable String environment,
      String human,
      SpiffeId agent,
      String session,
      Instant moment) {
    String configured = root == null ? null : projects.in(root);
    if (configured != null) {
      return new Binding(checked(configured), Binding.Basis.PROJECT);
    }
    if (environment != null && !environment.isBlank()) {
      return new Binding(checked(environment.strip()), Binding.Basis.ENVIRONMENT);
    }
    RecordedDelegation newest = book.newestInForce(human, agent, session, moment);
    return newest == null ? Binding.NONE : new Binding(newest.id(), Binding.Basis.NEWEST_GRANT);
  }

  private static String checked(String id) {
    return ID.matcher(id).matches() ? id : Binding.UNREADABLE;
  }
}
