package dev.custody.query;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.event.Body;
import dev.custody.event.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The filters of the command line; each narrows the answers. */
public enum Filter {
  RESOURCE(Term.RESOURCE),
  AGENT(Term.AGENT),
  HUMAN(Term.HUMAN),
  SESSION(Term.SESSION),
  PROMPT(Term.PROMPT),
  TOOL_CALL(Term.TOOL_CALL),
  DELEGATION(Term.DELEGATION),
  VERDICT(Term.VERDICT, names(DelegationVerdict.values())),
  GRADE(Term.GRADE, names(Grade.values())),
  KIND(
      Term.KIND,
      Arrays.stream(Body.class.getPermittedSubclasses()).map(Class::getSimpleName).toList()),
  OUTCOME(Term.OUTCOME, names(Outcome.values())),
  HOST(Term.HOST),
  SOURCE(Term.SOURCE),
  RULE(Term.RULE),
  SEVERITY(Term.SEVERITY, List.of("Informational", "Low", "Medium", "High", "Critical", "Fatal"));

  private final Term term;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
  private final List<String> choices;

  Filter(Term term) {
    this(term, List.of());
  }

  Filter(Term term, List<String> choices) {
    this.term = term;
    this.choices = List.copyOf(choices);
  }

  /** What it asks. */
  Term term() {
    return term;
  }

  /** How it is typed, such as {@code --tool-call}. */
  public String option() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The values that there are; empty when it takes any. */
  public List<String> choices() {
    return choices;
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).toList();
  }
}
