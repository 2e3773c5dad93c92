package dev.custody.sigma;

/**
 * What a rule looks for in one event, compiled (rules specification, "Detection" and "Condition").
 * Immutable, without state, safe to share.
 */
public sealed interface Detection permits Clause {

  /** Whether the event is what the rule looks for. Never throws, whatever the event holds. */
  boolean matches(FieldSource event);
}
