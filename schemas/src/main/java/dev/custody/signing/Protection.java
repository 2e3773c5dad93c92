package dev.custody.signing;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What encrypts the keysets of a directory. */
public sealed interface Protection {
  /**
   * A key in a file of its own, made with mode 0600 where it is missing. It needs no setup; whoever
   * runs as the same user can read it.
   *
   * @param file outside of the data directory
   */
  record WrappingKeyFile(Path file) implements Protection {}

  /**
   * A key that is derived from a passphrase by Argon2id.
   *
   * @param source asked once, when the directory is opened
   */
  record Passphrase(PassphraseSource source) implements Protection {}

  /**
   * A key that never leaves a key management service.
   *
   * @param uri names the service and the key, as its Tink client does
   * @param credentials file for that client, null for its own default
   */
  record Kms(String uri, @Nullable Path credentials) implements Protection {}

  /** Where a passphrase comes from: a file or somebody at a terminal, never the command line. */
  @FunctionalInterface
  interface PassphraseSource {
    /**
     * The passphrase in UTF-8; the reader overwrites it after use.
     *
     * @param fresh whether it is being chosen now
     * @throws KeyException when there is none
     */
    byte[] read(boolean fresh) throws KeyException;
  }

  /**
   * The passphrase in {@code file}, which nobody but its owner can read; one line end is not of it.
   */
  static PassphraseSource fromFile(Path file) {
    return fresh -> KeyFiles.passphrase(file);
  }
}
