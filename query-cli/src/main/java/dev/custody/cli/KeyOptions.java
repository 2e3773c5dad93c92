package dev.custody.cli;

import dev.custody.local.Installation;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Protection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What opens the keysets of a data directory. */
final class KeyOptions {
  @Option(
      names = "--wrapping-key",
      paramLabel = "FILE",
      description =
          "A key file that encrypts the keysets; outside the data directory; $CUSTODY_WRAPPING_KEY, or ~/.config/custody/wrapping.key.")
  private @Nullable Path wrappingKey;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "A passphrase in a file of mode 0600 in place of a key file; $CUSTODY_PASSPHRASE_FILE; without it the terminal asks.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--kms",
      paramLabel = "URI",
      description =
          "A key of a key management service in place of a key file; the jars of its Tink client are on $CUSTODY_CLASSPATH.")
  private @Nullable String kms;

  @Option(
      names = "--kms-credentials",
      paramLabel = "FILE",
      description = "Credentials for that service; without it the client's own default.")
  private @Nullable Path kmsCredentials;

  /** Where the wrapping key lies, when it is one that protects. */
  Path wrappingKey() {
    return wrappingKey == null ? Installation.defaultWrappingKey() : wrappingKey;
  }

  /** What opens the keys of {@code data}: what was given, or what its own record asks for. */
  Protection protection(Path data) {
    return new KeyProtection(wrappingKey, passphraseFile, kms, kmsCredentials)
        .of(data.resolve("keys"), false);
  }

  /** What is to protect keys that are made now; {@code askPassphrase} when nothing else is said. */
  Protection chosen(Path data, boolean askPassphrase) {
    return new KeyProtection(wrappingKey, passphraseFile, kms, kmsCredentials)
        .of(data.resolve("keys"), askPassphrase);
  }

  /** How a directory's own file says that it is protected. */
  static String recorded(Path directory) {
    try {
      return KeyDirectory.protection(directory);
    } catch (KeyException e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "restore it from a backup of the keys", e);
    }
  }
}
