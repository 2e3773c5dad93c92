package dev.custody.detect;

/**
 * A rule saw, or no longer sees, something.
 *
 * @param finding finding id
 * @param rule rule id
 * @param group what the finding is about, KIND:value
 * @param period the prompt or session, else the UTC day
 * @param withdrawn true when the rule no longer sees it
 * @param evidence what it saw
 */
public record Sighting(
    String finding,
    String rule,
    String group,
    String period,
    boolean withdrawn,
    Evidence evidence) {

  /** That the rule no longer sees it. */
  public Sighting takenBack() {
    return new Sighting(finding, rule, group, period, true, evidence);
  }
}
