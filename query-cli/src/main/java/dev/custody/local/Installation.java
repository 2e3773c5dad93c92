package dev.custody.local;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.log.LogKeys;
import dev.custody.signing.FingerprintKey;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The keys of a data directory, and what is made without setup when they are missing: the
 * organisation's root, this collector's key, the key of its fingerprints, and each human's own key
 * when they first delegate.
 *
 * <p>The keysets lie in {@code DATA/keys}, encrypted; the wrapping key lies elsewhere. That the
 * root's keyset lies here as well is the price of no setup: whoever runs as this user can use it.
 */
public final class Installation {
  private static final Duration COLLECTOR_VALIDITY = Duration.ofDays(365);
  private static final Duration HUMAN_VALIDITY = Duration.ofDays(365);
  private static final int MAX_HUMAN_CHARS = 256;
  private static final String ROOT_FILE = "root.pub";
  private static final String USER_FILE = "enrolled-user";

  private final Path directory;
  private final KeyDirectory keys;
  private final CertificateAuthority root;
  private final boolean fresh;

  private Installation(
      Path directory, KeyDirectory keys, CertificateAuthority root, boolean fresh) {
    this.directory = directory;
    this.keys = keys;
    this.root = root;
    this.fresh = fresh;
  }

  /**
   * Opens the keys of {@code data}, making them where there are none.
   *
   * @param wrappingKey file of the key that encrypts them; made with mode 0600 where it is missing
   * @throws KeyException when a key cannot be used
   * @throws IOException when the directory cannot be written
   */
  public static Installation open(Path data, Path wrappingKey) throws KeyException, IOException {
    Path directory = data.resolve("keys");
    boolean fresh = !Files.exists(directory.resolve(ROOT_FILE));
    KeyDirectory keys = KeyDirectory.open(directory, wrappingKey);
    if (!fresh && !keys.has("root")) {
      throw new IOException(
          directory
              + " has "
              + ROOT_FILE
              + " but not the root's keyset: a new root would be another organisation's;"
              + " try: restore root.keyset from a backup");
    }
    CertificateAuthority root = new CertificateAuthority(keys.signer("root"));
    if (fresh) {
      Files.writeString(directory.resolve(USER_FILE), System.getProperty("user.name") + "\n");
      Files.writeString(directory.resolve(ROOT_FILE), TrustedRoots.fileText(root.publicKey()));
    }
    if (!new TrustedRoots(List.of(root.publicKey()))
        .fingerprints()
        .equals(TrustedRoots.read(directory.resolve(ROOT_FILE)).fingerprints())) {
      throw new IOException(
          directory
              + ": "
              + ROOT_FILE
              + " is not the key in root.keyset; try: restore both from one backup");
    }
    return new Installation(directory, keys, root, fresh);
  }

  /**
   * Where the wrapping key lies when nobody says otherwise: {@code $CUSTODY_WRAPPING_KEY}, or in
   * the user's configuration.
   */
  public static Path defaultWrappingKey() {
    String set = System.getenv("CUSTODY_WRAPPING_KEY");
    if (set != null && !set.isBlank()) {
      return Path.of(set);
    }
    String config = System.getenv("XDG_CONFIG_HOME");
    Path base = config != null && !config.isBlank() ? Path.of(config) : home().resolve(".config");
    return base.resolve("custody").resolve("wrapping.key");
  }

  /**
   * The user's home: {@code $HOME}, as every other tool has it, or what the system's list of users
   * says.
   */
  public static Path home() {
    String set = System.getenv("HOME");
    return Path.of(set != null && !set.isBlank() ? set : System.getProperty("user.home"));
  }

  /** The public root key of {@code data}: the file that auditors keep a copy of. */
  public static Path rootFile(Path data) {
    return data.resolve("keys").resolve(ROOT_FILE);
  }

  /** Whether the keys were made just now. */
  public boolean isFresh() {
    return fresh;
  }

  /** The roots that are trusted here. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  /** The operating-system user that was enrolled when the keys were made. */
  public String enrolledUser() throws IOException {
    return Files.readString(directory.resolve(USER_FILE)).strip();
  }

  /** The collector's key. */
  public Signer collector() throws KeyException {
    return keys.signer("collector");
  }

  /** The key that signs the checkpoints of the logs. */
  public Signer log() throws KeyException {
    return keys.signer("log");
  }

  /**
   * The logs of {@code partitions} partitions and their key; what the list of logs lacks is added
   * to it.
   */
  public LogKeys logs(int partitions, Instant now) throws KeyException, StartException {
    return new LogRegister(directory, roots()).complete(root, log(), partitions, now);
  }

  /**
   * The logs, for a processor that runs apart: the log's key lies in {@code DATA/keys}, the root's
   * need not.
   *
   * @param roots the organisation's root keys
   */
  public static LogKeys logs(Path data, Path wrappingKey, TrustedRoots roots, int partitions)
      throws KeyException, StartException {
    Path directory = data.resolve("keys");
    KeyDirectory keys = KeyDirectory.open(directory, wrappingKey);
    CertificateAuthority root =
        keys.has("root") ? new CertificateAuthority(keys.signer("root")) : null;
    return new LogRegister(directory, roots)
        .complete(root, keys.signer("log"), partitions, Instant.now());
  }

  /** A certificate of the collector's key, from now on. */
  public Bytes certifyCollector(String spiffeId, Instant now) throws KeyException {
    return root.certifyCollector(spiffeId, collector().publicKey(), now, COLLECTOR_VALIDITY);
  }

  /** The key of the organisation's fingerprints of secrets. */
  public FingerprintKey fingerprints() throws KeyException {
    return keys.fingerprintKey("fingerprint");
  }

  /**
   * A human's own key and the root's certificate of it.
   *
   * @param signer signs their delegations
   * @param certificate says whose key it is
   */
  public record EnrolledHuman(TokenSigner signer, Bytes certificate) {}

  /** Enrols {@code human}, whose key is made when they are first seen. */
  public EnrolledHuman enrol(String human, Instant now) throws KeyException {
    if (human.isBlank() || human.length() > MAX_HUMAN_CHARS) {
      throw new IllegalArgumentException(
          "a human is named by 1 to " + MAX_HUMAN_CHARS + " characters");
    }
    // A key's name has few characters, a human's may have any.
    TokenSigner signer =
        keys.tokenSigner("human-" + Digest.sha256(Bytes.utf8(human).toByteArray()).hex());
    return new EnrolledHuman(
        signer, root.certifyHuman(human, signer.publicJwks(), now, HUMAN_VALIDITY));
  }
}
