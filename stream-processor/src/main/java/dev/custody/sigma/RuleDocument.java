package dev.custody.sigma;

import dev.custody.sigma.SigmaRule.Level;
import dev.custody.sigma.SigmaRule.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one document of a rule file can be, with what a finding says of it. */
public sealed interface RuleDocument permits SigmaRule, Correlation {
  /** Its identifier in the set, which findings cite; its name where it has no id. */
  String id();

  /** What correlations may call it; null if it does not say. */
  @Nullable String name();

  /** What it detects, in a few words. */
  String title();

  /** Its maturity; null if it does not say. */
  @Nullable Status status();

  /** What it detects and why that matters; empty if it does not say. */
  String description();

  /** How severe a match is; null if it does not say. */
  @Nullable Level level();

  /** Lower-case, namespaced: {@code attack.t1552.001}. */
  List<String> tags();

  /** Harmless causes of a match. */
  List<String> falsepositives();

  /** What it was derived from. */
  List<String> references();

  /** What to do about a match, in words; null if it does not say. */
  @Nullable String remediation();
}
