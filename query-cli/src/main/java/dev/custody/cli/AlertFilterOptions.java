package dev.custody.cli;

import dev.custody.query.Filter;
import java.util.List;
import picocli.CommandLine.Option;

/** The filters that {@code alerts} takes. */
final class AlertFilterOptions extends CommonFilterOptions {
  @Option(
      names = "--severity",
      paramLabel = "SEVERITY",
      description = "Informational, Low, Medium, High, Critical or Fatal.")
  void severity(List<String> typed) {
    add(Filter.SEVERITY, typed);
  }

  @Option(names = "--rule", paramLabel = "RULE", description = "Rule, by id or name.")
  void rule(List<String> typed) {
    add(Filter.RULE, typed);
  }
}
