package dev.custody.cli;

import dev.custody.enforce.Policy;
import dev.custody.enforce.PolicyException;
import dev.custody.enforce.PolicyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What agents are answered before a tool runs. */
final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "What agents are answered before a tool runs, JSON: mode (observe or enforce),"
              + " requireDelegation, undecided, deadlineMillis; DATA/collector/policy.json where"
              + " that is there, else everything goes on.")
  private @Nullable Path file;

  Policy policy(Path data) {
    Path given = file;
    Path usual = data.resolve("collector").resolve("policy.json");
    if (given == null && !Files.exists(usual)) {
      return Policy.OBSERVE;
    }
    try {
      return PolicyFile.read(given == null ? usual : given);
    } catch (PolicyException e) {
      throw RunOptions.hinted(
          String.valueOf(e.getMessage()), "mend the policy; docs/enforcement.md has its form", e);
    }
  }
}
