package dev.custody.cli;

import dev.custody.local.Installation;
import dev.custody.signing.Protection;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what opens a key directory: an option, or else what the directory's own record says, with
 * what the environment or the terminal gives for it.
 *
 * @param wrappingKey as given
 * @param passphraseFile as given
 * @param kms as given
 * @param kmsCredentials as given
 */
record KeyProtection(
    @Nullable Path wrappingKey,
    @Nullable Path passphraseFile,
    @Nullable String kms,
    @Nullable Path kmsCredentials) {

  Protection of(Path directory, boolean askPassphrase) {
    long given = Stream.of(wrappingKey, passphraseFile, kms).filter(o -> o != null).count();
    if (given > 1) {
      throw new CouldNotRunException(
          "expected one of --wrapping-key, --passphrase-file and --kms, found " + given,
          "leave out what the keys are not protected by",
          null);
    }
    if (wrappingKey != null) {
      return new Protection.WrappingKeyFile(wrappingKey);
    }
    if (passphraseFile != null) {
      return new Protection.Passphrase(Protection.fromFile(passphraseFile));
    }
    return kms != null
        ? new Protection.Kms(kms, kmsCredentials)
        : recorded(directory, askPassphrase);
  }

  private Protection recorded(Path directory, boolean askPassphrase) {
    String recorded = KeyOptions.recorded(directory);
    String file = System.getenv("CUSTODY_PASSPHRASE_FILE");
    boolean fromFile = file != null && !file.isBlank();
    boolean none = recorded.isEmpty();
    if (recorded.startsWith("kms ")) {
      return new Protection.Kms(recorded.substring("kms ".length()), kmsCredentials);
    }
    if (recorded.equals("passphrase") || (none && (fromFile || askPassphrase))) {
      return new Protection.Passphrase(
          fromFile ? Protection.fromFile(Path.of(file)) : new TerminalPassphrase(directory));
    }
    return new Protection.WrappingKeyFile(Installation.defaultWrappingKey());
  }
}
