package dev.custody.cli;

import dev.custody.identity.SpiffeId;
import dev.custody.local.CollectorRole;
import dev.custody.local.Installation;
import dev.custody.signing.Protection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes the keys of a data directory. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the organisation's root, this collector's key and the log's key.",
      "With --root-keys the root's keyset lies apart, under a protection of its own: it need not be where `up` runs.",
      "With --without-root it makes a collector's key only, which another machine certifies.",
      "Without an option the keysets are under a wrapping key file: whoever runs as this user can use them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody keys init --passphrase",
      "  custody keys init --kms gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k",
      "  custody keys init --root-keys /media/root --root-passphrase-file /media/passphrase",
      "  custody keys init --without-root --root acme-root.pub"
    })
final class KeysInitCommand implements Callable<Integer> {
  @ParentCommand private KeysCommand keys;

  @Option(names = "--passphrase", description = "Protect the keysets by a passphrase; asks twice.")
  private boolean passphrase;

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "SPIFFE trust domain of the organisation; ${DEFAULT-VALUE}.")
  private String trustDomain = "local";

  @Option(
      names = "--valid",
      paramLabel = "DAYS",
      defaultValue = "365d",
      description = "How long the certificates are valid; ${DEFAULT-VALUE}.")
  private String valid = "365d";

  @Option(names = "--without-root", description = "A collector's key only.")
  private boolean withoutRoot;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "The organisation's root file; with --without-root.")
  private @Nullable Path rootFile;

  @Mixin private KeyOptions options;
  @Mixin private RootKeyOptions rootKeys;

  @SuppressWarnings("NullAway.Init")
  KeysInitCommand() {}

  @Override
  public Integer call() {
    Path data = keys.data();
    if (Files.exists(Installation.rootFile(data))) {
      throw new CouldNotRunException(
          "there are keys in " + data.resolve("keys") + " already; they are left as they are",
          "custody keys show, or custody keys rotate",
          null);
    }
    if (withoutRoot != (rootFile != null)) {
      throw new CouldNotRunException(
          "--without-root goes with --root FILE, the organisation's root file", "name both", null);
    }
    Protection protection = options.chosen(data, passphrase);
    if (rootFile != null) {
      collectorOnly(data, protection, rootFile);
    } else {
      everything(data, protection);
    }
    return ExitCode.FOUND;
  }

  private void everything(Path data, Protection protection) {
    KeysCommand.doing(() -> {
      Installation made = Installation.open(data, protection, rootKeys.place());
      String name = SpiffeId.collector(trustDomain, CollectorRole.hostName()).toString();
      Instant now = Instant.now();
      made.enrolCollector(name, now, KeysCommand.days(valid));
      var _ = made.logCertificate(now);
      KeysCommand.say("made root, collector and log keys in " + data.resolve("keys"));
      KeysCommand.say("root " + made.roots().fingerprints().getFirst());
      KeysCommand.say("give auditors a copy of " + Installation.rootFile(data));
      if (protection instanceof Protection.WrappingKeyFile(Path file)) {
        KeysCommand.say(
            "the keysets are encrypted under "
                + file
                + ": whoever runs as this user can use them; --passphrase and --kms are stronger");
      }
      return made;
    });
  }

  private void collectorOnly(Path data, Protection protection, Path roots) {
    KeysCommand.doing(() -> {
      Installation made = Installation.withoutRoot(data, protection, roots);
      byte[] key = made.collector().publicKey().toByteArray();
      KeysCommand.say("made a collector's key in " + data.resolve("keys"));
      KeysCommand.say("now, where the root is:");
      KeysCommand.say(
          "  custody keys enroll collector --name %s --public-key %s --out collector.cert"
              .formatted(CollectorRole.hostName(), Base64.getEncoder().encodeToString(key)));
      KeysCommand.say("and here: custody collector --certificate collector.cert");
      return made;
    });
  }
}
