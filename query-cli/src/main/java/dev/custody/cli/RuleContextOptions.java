package dev.custody.cli;

import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleContext;
import dev.custody.sigma.RuleError;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What rules mean beside their own text, where a command loads rules. */
final class RuleContextOptions {
  @Option(
      names = "--placeholders",
      paramLabel = "FILE",
      description = {
        "What stands for placeholders in rules (modifier expand): a YAML map, as Administrators: [root, 'adm-*']. Without it",
        "rules that need one are refused."
      })
  private @Nullable Path placeholders;

  @SuppressWarnings("NullAway.Init")
  RuleContextOptions() {}

  RuleContext context() {
    try {
      Path file = placeholders;
      return Pipelines.shipped()
          .context(file == null ? Placeholders.none() : Placeholders.load(file));
    } catch (RuleError e) {
      throw new CouldNotRunException(
          "--placeholders: " + e.getMessage(), "Administrators: [root, 'adm-*']", e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "--placeholders: can't read it: " + e, "name a file, or leave it out", e);
    }
  }
}
