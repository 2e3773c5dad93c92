package dev.custody.delegation;

import dev.custody.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Who acts under a delegation: an agent, or one of its sub-agents. The collector before the act and
 * the stream after it ask here whether a delegation is for them, so that both say the same.
 *
 * @param agent the agent in its project
 * @param subAgent which of its sub-agents; null for the agent itself
 */
public record Bearer(SpiffeId agent, @Nullable String subAgent) {
  private static final int LONGEST_SEGMENT = 128;

  /** The id that acts: the agent's, for a sub-agent with one segment more. */
  public SpiffeId id() {
    return subAgent == null ? agent : new SpiffeId(agent.trustDomain(), path(subAgent));
  }

  private String path(String name) {
    String clean = name.replaceAll("[^A-Za-z0-9._-]", "-");
    boolean odd = clean.isEmpty() || clean.equals(".") || clean.equals("..");
    return agent.path()
        + "/"
        + (odd ? "unnamed" : clean.substring(0, Math.min(clean.length(), LONGEST_SEGMENT)));
  }

  /**
   * Whether who acts may present what is for {@code delegate}: the agent, an id above it, or the
   * sub-agent's very own. What is for another sub-agent, or for one where the agent itself acts, is
   * not.
   */
  public boolean mayPresent(SpiffeId delegate) {
    return delegate.covers(agent) || isOwn(delegate);
  }

  /**
   * Whether {@code depth} further hops are enough for who acts: a sub-agent without a hop of its
   * own needs one.
   */
  public boolean mayActUnder(SpiffeId delegate, int depth) {
    return subAgent == null || depth > 0 || isOwn(delegate);
  }

  // Compared as text: an id that would be too long is nobody's, and no error.
  private boolean isOwn(SpiffeId delegate) {
    return subAgent != null
        && delegate.trustDomain().equals(agent.trustDomain())
        && delegate.path().equals(path(subAgent));
  }

  @Override
  public String toString() {
    return subAgent == null
        ? agent.toString()
        : agent + path(subAgent).substring(agent.path().length());
  }
}
