package dev.custody.delegations;

import org.jspecify.annotations.Nullable;

/**
 * The delegation that a session works under.
 *
 * @param id what is presented; null without any. What is configured is presented as it is, known or
 *     not, in force or not
 * @param basis by what
 */
public record Binding(@Nullable String id, Basis basis) {
  /** Presented where a configuration names what can be no id: nothing is guessed in its place. */
  public static final String UNREADABLE = "unreadable-delegation-id";

  /** Bound to nothing. */
  public static final Binding NONE = new Binding(null, Basis.NONE);

  /** By what a session is bound, the first that applies. */
  public enum Basis {
    /** Of a sub-agent: the hop that this collector signed for it. */
    HOP,
    /** The file {@code .custody/delegation} in the root of the work tree. */
    PROJECT,
    /** The environment variable {@code CUSTODY_DELEGATION} of the agent. */
    ENVIRONMENT,
    /** The newest grant in force of that human to that agent and project. */
    NEWEST_GRANT,
    /** Nothing does. */
    NONE
  }
}
