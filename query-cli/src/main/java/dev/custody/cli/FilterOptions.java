package dev.custody.cli;

import dev.custody.query.Filter;
import java.util.List;
import picocli.CommandLine.Option;

/** The filters that {@code who} and {@code search} take. */
final class FilterOptions extends CommonFilterOptions {
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
      description =
          "Where it was learnt: claude-code, codex, gemini-cli, opencode, cloudtrail, git, custody.")
  void source(List<String> typed) {
    add(Filter.SOURCE, typed);
  }

  @Option(names = "--rule", paramLabel = "RULE", description = "Rule that it fired.")
  void rule(List<String> typed) {
    add(Filter.RULE, typed);
  }
}
