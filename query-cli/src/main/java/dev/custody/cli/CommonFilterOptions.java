package dev.custody.cli;

import dev.custody.query.Filter;
import dev.custody.query.Filters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The filters that every question takes. */
abstract class CommonFilterOptions {
  private final Map<Filter, List<String>> values = new EnumMap<>(Filter.class);

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "From then on: 90m, 7d, 2026-11-22, 2026-11-22T07:14:00Z.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Before then; a day is meant as a whole.")
  private @Nullable String until;

  @Option(
      names = "--resource",
      paramLabel = "ARN|PATH",
      description = "Resource, with wildcards * and ?.")
  void resource(List<String> typed) {
    add(Filter.RESOURCE, typed);
  }

  @Option(names = "--agent", paramLabel = "AGENT", description = "Product or SPIFFE ID.")
  void agent(List<String> typed) {
    add(Filter.AGENT, typed);
  }

  @Option(names = "--human", paramLabel = "WHO", description = "Address or account name.")
  void human(List<String> typed) {
    add(Filter.HUMAN, typed);
  }

  @Option(names = "--session", paramLabel = "ID", description = "Agent session.")
  void session(List<String> typed) {
    add(Filter.SESSION, typed);
  }

  @Option(names = "--prompt", paramLabel = "ID", description = "Prompt.")
  void prompt(List<String> typed) {
    add(Filter.PROMPT, typed);
  }

  /** Called with all that was typed so far, and with null before parsing. */
  final void add(Filter filter, @Nullable List<String> typed) {
    if (typed != null && !typed.isEmpty()) {
      values.put(filter, List.copyOf(typed));
    }
  }

  final Filters filters() {
    return new Filters(values, since, until);
  }
}
