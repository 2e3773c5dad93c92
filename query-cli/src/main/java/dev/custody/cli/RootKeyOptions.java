package dev.custody.cli;

import dev.custody.local.Installation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the root's keyset lies, when it does not lie with the others, and what opens it. */
final class RootKeyOptions {
  @Option(
      names = "--root-keys",
      paramLabel = "DIR",
      description = "Directory of the root's keyset, when it is kept apart.")
  private @Nullable Path directory;

  @Option(
      names = "--root-wrapping-key",
      paramLabel = "FILE",
      description = "The key file that encrypts it.")
  private @Nullable Path wrappingKey;

  @Option(
      names = "--root-passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase that encrypts it; without it the terminal asks.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--root-kms",
      paramLabel = "URI",
      description = "The key of a key management service that encrypts it.")
  private @Nullable String kms;

  @Option(
      names = "--root-kms-credentials",
      paramLabel = "FILE",
      description = "Credentials for that service.")
  private @Nullable Path kmsCredentials;

  private Installation.@Nullable RootPlace place;

  /**
   * Null when it lies with the others. A new directory is protected by a passphrase unless told.
   */
  Installation.@Nullable RootPlace place() {
    Path named = directory;
    if (named == null) {
      if (wrappingKey != null || passphraseFile != null || kms != null) {
        throw new CouldNotRunException(
            "--root-wrapping-key, --root-passphrase-file and --root-kms go with --root-keys",
            "name the directory: --root-keys DIR",
            null);
      }
      return null;
    }
    Installation.RootPlace known = place;
    if (known == null) {
      Path absolute = named.toAbsolutePath().normalize();
      known =
          new Installation.RootPlace(
              absolute,
              new KeyProtection(wrappingKey, passphraseFile, kms, kmsCredentials)
                  .of(absolute, true));
      place = known;
    }
    return known;
  }
}
