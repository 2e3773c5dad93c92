package dev.custody.cli;

import dev.custody.local.Installation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Prints the log key of a processor whose root is elsewhere. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description =
        "Prints the public key of the logs that a processor here signs, in base64; makes the key"
            + " where there is none. For `custody tlog register --log-key` where the root is.",
    footerHeading = "%nExamples:%n",
    footer = "  custody tlog key --root root.pub --data /var/lib/custody > log.key")
final class TlogKeyCommand implements Callable<Integer> {
  @ParentCommand private TlogCommand parent;

  @Option(
      names = "--root",
      required = true,
      paramLabel = "FILE",
      description = "The organisation's public root keys.")
  private Path root;

  @Mixin private KeyOptions options;

  @SuppressWarnings("NullAway.Init")
  TlogKeyCommand() {}

  @Override
  public Integer call() {
    return KeysCommand.doing(() -> {
      Installation here =
          Installation.ofProcessor(parent.data(), options.protection(parent.data()), root);
      KeysCommand.say(here.log().publicKey().base64());
      return ExitCode.FOUND;
    });
  }
}
