package dev.custody.cli;

import picocli.CommandLine.Option;

/** How much, and for whom. */
final class OutputOptions {
  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  boolean json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most N answers; ${DEFAULT-VALUE} when not given.")
  private int limit;

  /** At least 1. */
  int limit() {
    if (limit < 1) {
      throw new CouldNotRunException(
          "--limit: expected 1 or more, found " + limit, "leave it out for 20", null);
    }
    return limit;
  }
}
