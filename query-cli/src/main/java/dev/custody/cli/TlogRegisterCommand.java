package dev.custody.cli;

import dev.custody.local.Installation;
import dev.custody.tlog.LogList;
import dev.custody.topic.Topic;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Has the root sign the list of logs. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    description = {
      "Has the organisation's root sign a list of logs that names each partition's log and the log"
          + " key in force; does nothing when the list is whole.",
      "`custody up` and `custody processor` do this themselves where the root's keyset is at hand."
    },
    footerHeading = "%nExamples:%n",
    footer = "  custody tlog register --partitions 12 --root-keys /media/root")
final class TlogRegisterCommand implements Callable<Integer> {
  @ParentCommand private TlogCommand parent;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + Topic.DEFAULT_PARTITIONS,
      description = "Partitions of custody.events; ${DEFAULT-VALUE}.")
  private int partitions;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  TlogRegisterCommand() {}

  @Override
  public Integer call() {
    return KeysCommand.doing(() -> {
      Installation here =
          Installation.open(parent.data(), options.protection(parent.data()), rootKeys.place());
      LogList list = here.logs(partitions, Instant.now()).list();
      KeysCommand.say(
          "list %d of %s: %d logs, in %s"
              .formatted(
                  list.serial(), list.name(), list.logs().size(), here.logRegister().file()));
      return ExitCode.FOUND;
    });
  }
}
