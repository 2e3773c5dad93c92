package dev.custody.signing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a directory of keysets is protected, as its file {@code protection} says: with the parameters
 * that are needed to open it, and for a passphrase or a service a check value by which the wrong
 * one is told from a damaged keyset.
 */
final class Wrapping {
  static final String FILE = "protection";

  private static final String HEADER = "custody-protection-v1\n";
  private static final int MAX_BYTES = 4096;
  private static final Pattern TEXT =
      Pattern.compile(
          "custody-protection-v1\nmethod ([a-z-]{1,16})\n(?:(kdf|uri) ([ -~]{1,1024})\n)?(?:check ([A-Za-z0-9+/=]{1,1024})\n)?");

  private final Path directory;

  Wrapping(Path directory) {
    this.directory = directory;
  }

  /**
   * The file as read.
   *
   * @param method wrapping-key, passphrase or kms
   * @param detail parameters of the derivation, or the key's URI; empty for a wrapping key
   * @param check base64 of nothing, encrypted; empty for a wrapping key
   */
  record Recorded(String method, String detail, String check) {
    String text() {
      String head = HEADER + "method " + method + "\n";
      return switch (method) {
        case "passphrase" -> head + "kdf " + detail + "\ncheck " + check + "\n";
        case "kms" -> head + "uri " + detail + "\ncheck " + check + "\n";
        default -> head;
      };
    }

    /** Nothing is encrypted, but what it is bound to is: the method and its parameters. */
    byte[] bound() {
      return ("custody.protection.v1\0" + method + "\0" + detail).getBytes(StandardCharsets.UTF_8);
    }

    String words() {
      return switch (method) {
        case "kms" -> "the KMS key " + detail;
        case "passphrase" -> "a passphrase";
        default -> "a wrapping key file";
      };
    }

    String option() {
      return switch (method) {
        case "kms" -> "--kms " + detail;
        case "passphrase" -> "--passphrase-file FILE";
        default -> "--wrapping-key FILE";
      };
    }
  }

  /** What the directory's file says; null when there is none. */
  @Nullable Recorded recorded() throws KeyException {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        return null;
      }
      if (Files.size(file) <= MAX_BYTES) {
        String text = new String(KeyFiles.read(file), StandardCharsets.UTF_8);
        Matcher m = TEXT.matcher(text);
        if (m.matches()) {
          Recorded read = new Recorded(m.group(1), orEmpty(m.group(3)), orEmpty(m.group(4)));
          boolean known = read.method().matches("wrapping-key|passphrase|kms");
          if (known && read.text().equals(text)) {
            return read;
          }
        }
      }
    } catch (IOException e) {
      throw new KeyException(file + " cannot be read: " + e, e);
    }
    throw new KeyException(
        file
            + " is damaged: expected what custody keys init writes; try: restore it from a backup");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** What encrypts the keysets; recorded now where nothing was recorded. */
  Aead open(Protection asked) throws KeyException {
    Protection protection = asked;
    Recorded known = recorded();
    if (known == null && holdsKeysets()) {
      // What was made before protections were recorded has a wrapping key.
      known = new Recorded("wrapping-key", "", "");
    } else if (known == null) {
      protection = askedOnce(asked);
      known = record(protection);
    }
    String given = method(protection);
    boolean otherKey =
        protection instanceof Protection.Kms kms && !kms.uri().equals(known.detail());
    if (!given.equals(known.method()) || otherKey) {
      throw new KeyException(
          "the keys in %s are protected by %s, not by %s; try: %s"
              .formatted(directory, known.words(), words(protection), known.option()));
    }
    return switch (protection) {
      case Protection.WrappingKeyFile(Path file) -> wrappingKey(file);
      case Protection.Passphrase(Protection.PassphraseSource source) ->
          checked(known, derived(known, source.read(false)), "wrong passphrase for the keys in ");
      case Protection.Kms(String uri, Path credentials) ->
          checked(known, service(uri, credentials), "wrong KMS key for the keys in ");
    };
  }

  // Whoever chooses a passphrase is asked for it here, and not again when it is used.
  private static Protection askedOnce(Protection protection) throws KeyException {
    if (protection instanceof Protection.Passphrase(Protection.PassphraseSource source)) {
      byte[] chosen = source.read(true);
      return new Protection.Passphrase(_ -> chosen.clone());
    }
    return protection;
  }

  private boolean holdsKeysets() throws KeyException {
    try (var files = Files.list(directory)) {
      return files.anyMatch(f -> f.toString().endsWith(".keyset"));
    } catch (IOException e) {
      throw new KeyException(directory + " cannot be read: " + e, e);
    }
  }

  private static String method(Protection protection) {
    return switch (protection) {
      case Protection.WrappingKeyFile _ -> "wrapping-key";
      case Protection.Passphrase _ -> "passphrase";
      case Protection.Kms _ -> "kms";
    };
  }

  private static String words(Protection protection) {
    return switch (protection) {
      case Protection.WrappingKeyFile(Path file) -> "the wrapping key file " + file;
      case Protection.Passphrase _ -> "a passphrase";
      case Protection.Kms(String uri, Path _) -> "the KMS key " + uri;
    };
  }

  private Recorded record(Protection protection) throws KeyException {
    Recorded made =
        switch (protection) {
          case Protection.WrappingKeyFile _ -> new Recorded("wrapping-key", "", "");
          case Protection.Passphrase(Protection.PassphraseSource source) -> {
            Recorded bare = new Recorded("passphrase", Argon2id.fresh().text(), "");
            yield withCheck(bare, derived(bare, source.read(true)));
          }
          case Protection.Kms(String uri, Path credentials) -> {
            if (!uri.matches("[!-~]{1,1024}")) {
              throw new KeyException("not the URI of a KMS key: " + uri);
            }
            yield withCheck(new Recorded("kms", uri, ""), service(uri, credentials));
          }
        };
    try {
      byte[] text = made.text().getBytes(StandardCharsets.UTF_8);
      if (KeyFiles.writeOnce(directory.resolve(FILE), text)) {
        return made;
      }
    } catch (IOException e) {
      throw new KeyException(directory + " cannot be written: " + e, e);
    }
    Recorded rivals = recorded();
    return rivals == null ? made : rivals;
  }

  private static Recorded withCheck(Recorded bare, Aead aead) throws KeyException {
    try {
      byte[] check = aead.encrypt(new byte[0], bare.bound());
      return new Recorded(bare.method(), bare.detail(), Base64.getEncoder().encodeToString(check));
    } catch (GeneralSecurityException e) {
      throw new KeyException(bare.words() + " encrypts nothing: " + e.getMessage(), e);
    }
  }

  private Aead checked(Recorded known, Aead aead, String otherwise) throws KeyException {
    try {
      byte[] nothing = aead.decrypt(Base64.getDecoder().decode(known.check()), known.bound());
      if (nothing.length == 0) {
        return aead;
      }
      throw new KeyException(otherwise + directory);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new KeyException(otherwise + directory + " (" + e.getMessage() + ")", e);
    }
  }

  private Aead derived(Recorded known, byte[] passphrase) throws KeyException {
    byte[] key;
    try {
      key = Argon2id.parse(known.detail()).derive(passphrase);
    } catch (IllegalArgumentException e) {
      throw new KeyException(directory.resolve(FILE) + ": " + e.getMessage(), e);
    }
    try {
      return aesGcm(key);
    } catch (GeneralSecurityException e) {
      throw new KeyException("the derived key cannot be used: " + e.getMessage(), e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @AccessesPartialKey
  private static Aead aesGcm(byte[] key) throws GeneralSecurityException {
    AesGcmParameters parameters =
        AesGcmParameters.builder()
            .setKeySizeBytes(Argon2id.KEY_BYTES)
            .setIvSizeBytes(12)
            .setTagSizeBytes(16)
            .setVariant(AesGcmParameters.Variant.NO_PREFIX)
            .build();
    AesGcmKey imported =
        AesGcmKey.builder()
            .setParameters(parameters)
            .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
            .build();
    return KeysetHandle.newBuilder()
        .addEntry(KeysetHandle.importKey(imported).withRandomId().makePrimary())
        .build()
        .getPrimitive(CryptoProvider.configuration(), Aead.class);
  }

  private static Aead service(String uri, @Nullable Path credentials) throws KeyException {
    try {
      for (KmsClient client : ServiceLoader.load(KmsClient.class)) {
        if (client.doesSupport(uri)) {
          KmsClient ready =
              credentials == null
                  ? client.withDefaultCredentials()
                  : client.withCredentials(credentials.toString());
          return ready.getAead(uri);
        }
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new KeyException(
          "the KMS key %s cannot be used: %s; try: --kms-credentials FILE"
              .formatted(uri, e.getMessage()),
          e);
    }
    throw new KeyException(
        "no KMS client for %s is on the class path; try: CUSTODY_CLASSPATH=DIR/* with the jars of its Tink client"
            .formatted(uri));
  }

  private static Aead wrappingKey(Path file) throws KeyException {
    try {
      if (!Files.exists(file)) {
        KeysetHandle fresh =
            KeysetHandle.generateNew(
                PredefinedAeadParameters.AES256_GCM, CryptoProvider.configuration());
        boolean _ =
            KeyFiles.writeOnce(
                file,
                TinkProtoKeysetFormat.serializeKeyset(
                    fresh, InsecureSecretKeyAccess.get(), CryptoProvider.configuration()));
      }
      return TinkProtoKeysetFormat.parseKeyset(
              KeyFiles.read(file), InsecureSecretKeyAccess.get(), CryptoProvider.configuration())
          .getPrimitive(CryptoProvider.configuration(), Aead.class);
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyException("wrapping key " + file + " cannot be used: " + e.getMessage(), e);
    }
  }
}
