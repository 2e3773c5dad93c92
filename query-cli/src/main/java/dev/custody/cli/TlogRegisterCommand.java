package dev.custody.cli;

import dev.custody.digest.Bytes;
import dev.custody.digest.StrictText;
import dev.custody.local.Installation;
import dev.custody.local.LogRegister;
import dev.custody.tlog.LogList;
import dev.custody.topic.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    footer = {
      "  custody tlog register --partitions 12 --root-keys /media/root",
      "  custody tlog register --log-key \"$(cat log.key)\" --out logs     for another machine's processor"
    })
final class TlogRegisterCommand implements Callable<Integer> {
  @ParentCommand private TlogCommand parent;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + Topic.DEFAULT_PARTITIONS,
      description = "Partitions of custody.events; ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--log-key",
      paramLabel = "BASE64",
      description = "Another machine's log key, as `custody tlog key` prints it there.")
  private @Nullable String logKey;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the list is, or is made; DATA/keys/logs when not given.")
  private @Nullable Path out;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  TlogRegisterCommand() {}

  @Override
  public Integer call() {
    return KeysCommand.doing(() -> {
      Installation here =
          Installation.open(parent.data(), options.protection(parent.data()), rootKeys.place());
      LogRegister register = out == null ? here.logRegister() : new LogRegister(out, here.roots());
      Bytes key = logKey == null ? here.log().publicKey() : new Bytes(StrictText.base64(logKey));
      LogList list = register.complete(here.authority(), key, partitions, Instant.now());
      KeysCommand.say(
          "list %d of %s: %d logs, in %s"
              .formatted(list.serial(), list.name(), list.logs().size(), register.file()));
      return ExitCode.FOUND;
    });
  }
}
