package dev.custody.signing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.signature.Ed25519Parameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.regex.Pattern;

/**
 * A directory of Tink keysets, each encrypted by what protects the directory ({@link Protection}),
 * which is recorded in it. Nothing is ever stored in the clear but a wrapping key itself, a file of
 * mode 0600 outside the data directory; whoever copies the data alone can sign nothing.
 */
public final class KeyDirectory {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9@._+-]{1,128}");

  private final Path directory;
  private final Aead wrapping;

  private KeyDirectory(Path directory, Aead wrapping) {
    this.directory = directory;
    this.wrapping = wrapping;
  }

  /**
   * Opens {@code directory}, making it where it is missing; it then is protected as given, and says
   * so in a file.
   *
   * @throws KeyException when it is protected in another way, the passphrase or the key is wrong,
   *     or a file can be used by others
   */
  public static KeyDirectory open(Path directory, Protection protection) throws KeyException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new KeyException(directory + " cannot be made: " + e, e);
    }
    return new KeyDirectory(directory, new Wrapping(directory).open(protection));
  }

  /**
   * Opens {@code directory} with a wrapping key file, made with mode 0600 where it is missing.
   *
   * @throws KeyException when the wrapping key can be read by others, or is damaged
   */
  public static KeyDirectory open(Path directory, Path wrappingKey) throws KeyException {
    return open(directory, new Protection.WrappingKeyFile(wrappingKey));
  }

  /**
   * How {@code directory} says that it is protected, without opening it: {@code wrapping-key},
   * {@code passphrase}, {@code kms URI}, or nothing where no keys are.
   *
   * @throws KeyException when its file is damaged
   */
  public static String protection(Path directory) throws KeyException {
    Wrapping.Recorded recorded = new Wrapping(directory).recorded();
    if (recorded == null) {
      return "";
    }
    return recorded.method().equals("kms") ? "kms " + recorded.detail() : recorded.method();
  }

  /** Whether a keyset of that name is here. */
  public boolean has(String name) {
    return Files.exists(file(name));
  }

  /** The Ed25519 signing key {@code name}, made when it is missing. */
  public Signer signer(String name) throws KeyException {
    try {
      return new Ed25519Signer(
          keyset(name, Ed25519Parameters.create(Ed25519Parameters.Variant.NO_PREFIX)));
    } catch (GeneralSecurityException e) {
      throw unusable(name, e);
    }
  }

  /**
   * Deletes the keyset {@code name}: a key that signs no more cannot be stolen any more. On media
   * that keep old blocks, and in backups, it may be found again.
   */
  public void destroy(String name) throws KeyException {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new KeyException(file(name) + " cannot be deleted: " + e + "; try: delete it", e);
    }
  }

  /** The ES256 key {@code name} for signed tokens, made when it is missing. */
  public TokenSigner tokenSigner(String name) throws KeyException {
    return new TokenSigner(keyset(name, TokenSigner.PARAMETERS));
  }

  /** The keyed fingerprint {@code name}, made when it is missing. */
  public FingerprintKey fingerprintKey(String name) throws KeyException {
    try {
      return new FingerprintKey(keyset(name, FingerprintKey.PARAMETERS));
    } catch (GeneralSecurityException e) {
      throw unusable(name, e);
    }
  }

  private KeysetHandle keyset(String name, Parameters parameters) throws KeyException {
    Path file = file(name);
    try {
      if (!Files.exists(file)) {
        boolean _ =
            KeyFiles.writeOnce(
                file,
                TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    KeysetHandle.generateNew(parameters, CryptoProvider.configuration()),
                    wrapping,
                    associated(name),
                    CryptoProvider.configuration()));
      }
      return TinkProtoKeysetFormat.parseEncryptedKeyset(
          KeyFiles.read(file), wrapping, associated(name), CryptoProvider.configuration());
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(name, e);
    }
  }

  private KeyException unusable(String name, Exception e) {
    return new KeyException(
        "keyset %s cannot be used: %s; is it the wrapping key that it was made with?"
            .formatted(file(name), e.getMessage()),
        e);
  }

  // Binding the name stops one keyset from being put in another's place.
  private static byte[] associated(String name) {
    return ("custody.keyset.v1\0" + name).getBytes(StandardCharsets.UTF_8);
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches() || name.startsWith(".")) {
      throw new IllegalArgumentException("not a key name: " + name);
    }
    return directory.resolve(name + ".keyset");
  }
}
