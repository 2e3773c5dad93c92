package dev.custody.cli;

import dev.custody.local.KeyList;
import dev.custody.local.StartException;
import dev.custody.signing.KeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Keys: of the organisation's root, of collectors and of the log. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes, shows, certifies, rotates and revokes keys; docs/keys.md explains them.",
    subcommands = {
      KeysInitCommand.class,
      KeysCommand.Show.class,
      KeysEnrollCommand.class,
      KeysRotateCommand.class,
      KeysRevokeCommand.class
    })
final class KeysCommand implements Runnable {
  private static final int MOST_DAYS = 36_500;

  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  KeysCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected a command, found none: one of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** The data directory. */
  Path data() {
    return custody.data();
  }

  /** Work on keys. */
  @FunctionalInterface
  interface Work<T> {
    T done() throws IOException, KeyException, StartException;
  }

  /** Does {@code work}, and tells in the command line's own way what stood against it. */
  static <T> T doing(Work<T> work) {
    try {
      return work.done();
    } catch (KeyException | StartException | IOException | IllegalArgumentException e) {
      throw RunOptions.hinted(String.valueOf(e.getMessage()), "custody keys show", e);
    }
  }

  /** A time of whole days: 365d. */
  static Duration days(String text) {
    int days =
        text.matches("[1-9][0-9]{0,4}d")
            ? Integer.parseInt(text.substring(0, text.length() - 1))
            : 0;
    if (days < 1 || days > MOST_DAYS) {
      throw new CouldNotRunException(
          "--valid: expected 1d to %dd, found %s".formatted(MOST_DAYS, text),
          "a year is 365d",
          null);
    }
    return Duration.ofDays(days);
  }

  static void say(String line) {
    System.out.println(Terminal.clean(line));
    System.out.flush();
  }

  /** Shows them. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Shows every key of a data directory, from its public files: no secret is opened.",
        "A keyset that is retired is destroyed; its certificate stays."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  custody keys show", "  custody keys show --json"})
  static final class Show implements Callable<Integer>, ReadsOnly {
    @ParentCommand private KeysCommand keys;

    @Option(
        names = "--json",
        description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
    private boolean json;

    @SuppressWarnings("NullAway.Init")
    Show() {}

    @Override
    public Integer call() {
      List<KeyList.Key> all = doing(() -> KeyList.of(keys.data()));
      if (json) {
        var out = Output.stream();
        JsonLines lines = new JsonLines(out);
        all.forEach(key -> write(lines, key));
        out.flush();
      } else {
        Terminal terminal = Output.terminal();
        all.forEach(key -> print(terminal, key));
        terminal.flush();
      }
      return ExitCode.FOUND;
    }

    private static String base64(KeyList.Key key) {
      return Base64.getEncoder().encodeToString(key.publicKey().toByteArray());
    }

    private static void print(Terminal terminal, KeyList.Key key) {
      String subject = key.subject() == null ? "" : "  " + Terminal.clean(key.subject());
      terminal.line(
          terminal.styled(Terminal.Style.STRONG, Terminal.clean(key.name()))
              + "  "
              + key.role()
              + subject);
      terminal.line("  key id       " + key.key());
      if (key.publicKey().size() == 32) {
        terminal.line("  public key   " + base64(key));
      }
      terminal.line("  fingerprint  " + key.fingerprint());
      if (key.notBefore() != null) {
        terminal.line("  valid        from " + key.notBefore() + " until " + key.notAfter());
      }
      terminal.line(
          "  keyset       "
              + (key.protection().isEmpty()
                  ? "not here"
                  : "here, protected by " + Terminal.clean(key.protection())));
      if (key.revoked() != null) {
        terminal.line(
            "  "
                + terminal.styled(
                    Terminal.Style.BAD, Terminal.clean("REVOKED: " + key.revoked(), 400)));
      }
    }

    private static void write(JsonLines lines, KeyList.Key key) {
      lines.line(json -> {
        json.writeStringField("kind", "Key");
        json.writeStringField("name", key.name());
        json.writeStringField("role", key.role());
        json.writeStringField("subject", key.subject());
        json.writeStringField("key", key.key().hex());
        json.writeStringField("publicKey", base64(key));
        json.writeStringField("fingerprint", key.fingerprint());
        json.writeStringField("notBefore", text(key.notBefore()));
        json.writeStringField("notAfter", text(key.notAfter()));
        json.writeStringField("protection", key.protection());
        json.writeStringField("revoked", key.revoked() == null ? null : key.revoked().toString());
      });
    }

    private static @Nullable String text(@Nullable Instant time) {
      return time == null ? null : time.toString();
    }
  }
}
