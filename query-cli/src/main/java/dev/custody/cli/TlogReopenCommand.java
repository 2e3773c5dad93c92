package dev.custody.cli;

import dev.custody.local.Installation;
import dev.custody.tlog.LogOrigin;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Opens a log anew, on purpose. */
@Command(
    name = "reopen",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the log of a partition anew: its next generation, which the root signs into the list of"
          + " logs. For a log that stopped because it differs from what it published.",
      "The new generation is built from the first record on. The old one's checkpoints stay, and"
          + " custody verify goes on to hold the records against them: what was lost stays visible."
    },
    footerHeading = "%nExamples:%n",
    footer = "  custody tlog reopen 0        then restart custody up, or the processors")
final class TlogReopenCommand implements Callable<Integer> {
  @ParentCommand private TlogCommand parent;

  @Parameters(paramLabel = "PARTITION", description = "Partition of custody.events.")
  private int partition;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  TlogReopenCommand() {}

  @Override
  public Integer call() {
    return KeysCommand.doing(() -> {
      Installation here =
          Installation.open(parent.data(), options.protection(parent.data()), rootKeys.place());
      LogOrigin next =
          here.logRegister().reopen(here.authority(), here.log(), partition, Instant.now());
      KeysCommand.say("opened " + next + "; restart the processor: it builds it anew");
      return ExitCode.FOUND;
    });
  }
}
