package dev.custody.signing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.signature.Ed25519Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A directory of Tink keysets, each encrypted under a wrapping key that lives elsewhere. Nothing is
 * ever stored in the clear but the wrapping key itself, a file of mode 0600 outside the data
 * directory; whoever copies the data alone can sign nothing.
 */
public final class KeyDirectory {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9@._+-]{1,128}");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path directory;
  private final Aead wrapping;

  private KeyDirectory(Path directory, Aead wrapping) {
    this.directory = directory;
    this.wrapping = wrapping;
  }

  /**
   * Opens {@code directory}, making it and the wrapping key where they are missing.
   *
   * @throws KeyException when the wrapping key can be read by others, or is damaged
   */
  public static KeyDirectory open(Path directory, Path wrappingKey) throws KeyException {
    try {
      Files.createDirectories(directory);
      if (!Files.exists(wrappingKey)) {
        createWrappingKey(wrappingKey);
      }
      refuseLooseRights(wrappingKey);
      KeysetHandle handle =
          TinkProtoKeysetFormat.parseKeyset(
              Files.readAllBytes(wrappingKey),
              InsecureSecretKeyAccess.get(),
              CryptoProvider.configuration());
      return new KeyDirectory(
          directory, handle.getPrimitive(CryptoProvider.configuration(), Aead.class));
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyException(
          "wrapping key " + wrappingKey + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void createWrappingKey(Path file) throws IOException, GeneralSecurityException {
    KeysetHandle fresh =
        KeysetHandle.generateNew(
            PredefinedAeadParameters.AES256_GCM, CryptoProvider.configuration());
    writeOnce(
        file,
        TinkProtoKeysetFormat.serializeKeyset(
            fresh, InsecureSecretKeyAccess.get(), CryptoProvider.configuration()));
  }

  private static void refuseLooseRights(Path file) throws IOException, KeyException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(rights)) {
      throw new KeyException(
          "%s has rights %s, expected rw-------; try: chmod 600 %s"
              .formatted(file, PosixFilePermissions.toString(rights), file));
    }
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
        writeOnce(
            file,
            TinkProtoKeysetFormat.serializeEncryptedKeyset(
                KeysetHandle.generateNew(parameters, CryptoProvider.configuration()),
                wrapping,
                associated(name),
                CryptoProvider.configuration()));
      }
      return TinkProtoKeysetFormat.parseEncryptedKeyset(
          Files.readAllBytes(file), wrapping, associated(name), CryptoProvider.configuration());
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

  // Whole or not at all: written aside with the final rights, forced, then moved; a rival's file
  // wins over ours.
  private static void writeOnce(Path file, byte[] keyset) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path aside =
        Files.createTempFile(
            parent, ".keyset", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      // A key whose file is lost in a crash has signed what nobody can continue.
      try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(keyset);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException e) {
      // Another process made it first; its key is the one to use.
      return;
    } catch (UnsupportedOperationException e) {
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
