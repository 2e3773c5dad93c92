package dev.custody.cli;

import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.local.RunningMark;
import dev.custody.signing.KeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Puts a new key in the place of an old one. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new key, has the root certify it, and destroys the old private key.",
      "collector: one that runs goes on under the new key at once, one that does not from its next start.",
      "log: from the processor's next start on checkpoints are signed by the new key; the list of logs keeps both.",
      "root: the new root and the old one vouch for each other in root.pub; what is running trusts it once it is restarted."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody keys rotate collector",
      "  custody keys rotate collector --certificate new.cert     where the root is elsewhere",
      "  custody keys rotate root --root-keys /media/root"
    })
final class KeysRotateCommand implements Callable<Integer> {
  /** Which key. */
  enum Role {
    COLLECTOR,
    LOG,
    ROOT
  }

  @ParentCommand private KeysCommand keys;

  @Parameters(paramLabel = "ROLE", description = "collector, log or root.")
  private Role role = Role.COLLECTOR;

  @Option(
      names = "--valid",
      paramLabel = "DAYS",
      defaultValue = "365d",
      description = "How long the new certificate is valid; ${DEFAULT-VALUE}.")
  private String valid = "365d";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "The certificate of the new collector's key, from where the root is.")
  private @Nullable Path certificate;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  KeysRotateCommand() {}

  @Override
  public Integer call() {
    Path data = keys.data();
    Duration validity = KeysCommand.days(valid);
    Installation here =
        KeysCommand.doing(
            () -> Installation.open(data, options.protection(data), rootKeys.place()));
    return KeysCommand.doing(() ->
        switch (role) {
          case COLLECTOR -> collector(here, validity);
          case LOG -> {
            KeysCommand.say("log key " + here.rotateLog(Instant.now(), validity).keyId());
            yield ExitCode.FOUND;
          }
          case ROOT -> root(here);
        });
  }

  private int root(Installation here) throws KeyException, IOException {
    here.rotateRoot(Instant.now());
    KeysCommand.say("root key " + here.rootSigner().keyId() + ", cross-signed with the one before");
    KeysCommand.say("give auditors a copy of " + Installation.rootFile(keys.data()));
    KeysCommand.say("restart what runs, processors first, so that they trust what it certifies");
    return ExitCode.FOUND;
  }

  private int collector(Installation here, Duration validity) throws KeyException, IOException {
    if (certificate != null) {
      boolean _ = here.adopt(certificate);
    } else if (here.hasRoot()) {
      here.rotateCollector(Instant.now(), validity);
    } else {
      byte[] next = here.nextCollector().publicKey().toByteArray();
      KeysCommand.say("made the next key; now, where the root is:");
      KeysCommand.say(
          "  custody keys enroll collector --name NAME --public-key %s --out collector.cert"
              .formatted(Base64.getEncoder().encodeToString(next)));
      KeysCommand.say("and here: custody keys rotate collector --certificate collector.cert");
      return ExitCode.FOUND;
    }
    KeysCommand.say("collector key " + here.collector().keyId());
    reload();
    return ExitCode.FOUND;
  }

  private void reload() {
    Optional<RunningMark> running = RunningMark.read(keys.data());
    if (running.isEmpty()) {
      KeysCommand.say("no collector runs here: the next start uses it");
      return;
    }
    try (CollectorClient client = CollectorClient.of(running.get().http(), keys.data())) {
      KeysCommand.say(
          client.reloadKeys()
              ? "the running collector seals with it from now on"
              : "the running collector sealed with it already");
    } catch (IOException e) {
      throw new CouldNotRunException(
          "the key is in force, but the running collector goes on under the old one: "
              + e.getMessage(),
          "restart it: each start uses the key in force",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException("interrupted", "custody keys rotate collector again", e);
    }
  }
}
