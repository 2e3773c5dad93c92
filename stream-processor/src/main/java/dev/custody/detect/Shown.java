package dev.custody.detect;

/**
 * That an event is evidence of a match of a correlation.
 *
 * @param match the match: its group, in hex, and the event that completes it
 * @param finding finding of the match
 * @param rule id of the correlation
 * @param group what the finding is about
 * @param period period of the finding
 * @param withdrawn true when it is evidence no longer
 */
public record Shown(
    String match, String finding, String rule, String group, String period, boolean withdrawn) {
  /** The sighting that says so, resting on {@code evidence}. */
  Sighting sighting(Evidence evidence) {
    return new Sighting(finding, rule, group, period, withdrawn, evidence);
  }

  /** That it is evidence no longer. */
  Shown takenBack() {
    return new Shown(match, finding, rule, group, period, true);
  }
}
