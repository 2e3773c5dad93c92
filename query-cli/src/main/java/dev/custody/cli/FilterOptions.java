package dev.custody.cli;

import dev.custody.query.Filter;
import dev.custody.query.Filters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The filters that {@code who} and {@code search} take. */
final class FilterOptions {
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

  @Option(names = "--tool-call", paramLabel = "ID", description = "Tool call.")
  void toolCall(List<String> typed) {
    add(Filter.TOOL_CALL, typed);
  }

  @Option(names = "--delegation", paramLabel = "ID", description = "Delegation.")
  void delegation(List<String> typed) {
    add(Filter.DELEGATION, typed);
  }

  @Option(
      names = "--verdict",
      paramLabel = "VERDICT",
      description = "How it stands to the delegation: WITHIN, OUTSIDE, EXPIRED, NONE, ...")
  void verdict(List<String> typed) {
    add(Filter.VERDICT, typed);
  }

  @Option(
      names = "--grade",
      paramLabel = "GRADE",
      description = "PROVEN, CORROBORATED, INFERRED or UNATTRIBUTED.")
  void grade(List<String> typed) {
    add(Filter.GRADE, typed);
  }

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Kind of event, such as CloudCall, CommitCreated, ToolCallRefused.")
  void kind(List<String> typed) {
    add(Filter.KIND, typed);
  }

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "SUCCESS, FAILURE, DENIED or UNKNOWN.")
  void outcome(List<String> typed) {
    add(Filter.OUTCOME, typed);
  }

  @Option(names = "--host", paramLabel = "HOST", description = "Machine of the collector.")
  void host(List<String> typed) {
    add(Filter.HOST, typed);
  }

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "Where it was learnt: claude-code, cloudtrail, git, custody.")
  void source(List<String> typed) {
    add(Filter.SOURCE, typed);
  }

  @Option(names = "--rule", paramLabel = "RULE", description = "Rule that it fired.")
  void rule(List<String> typed) {
    add(Filter.RULE, typed);
  }

  /** Called with all that was typed so far, and with null before parsing. */
  private void add(Filter filter, @Nullable List<String> typed) {
    if (typed != null && !typed.isEmpty()) {
      values.put(filter, List.copyOf(typed));
    }
  }

  Filters filters() {
    return new Filters(values, since, until);
  }
}
