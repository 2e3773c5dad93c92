package dev.custody.local;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.collector.CollectorKey;
import dev.custody.delegation.HopSigner;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.log.LogKeys;
import dev.custody.signing.FingerprintKey;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Protection;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a data directory, and what is made without setup when they are missing: the
 * organisation's root, this collector's key, the key of its fingerprints, and each human's own key
 * when they first delegate.
 *
 * <p>The keysets lie in {@code DATA/keys}, encrypted; what opens them lies elsewhere. That the
 * root's keyset lies here as well is the price of no setup: whoever runs as this user can use it.
 * {@code custody keys init --root-keys DIR} keeps it elsewhere.
 */
public final class Installation {
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final int MAX_HUMAN_CHARS = 256;
  private static final String ROOT_FILE = "root.pub";
  private static final String USER_FILE = "enrolled-user";
  private static final String LOG = "log";
  private static final String LIST = "logs";
  private static final String AGENTS = "agents";

  private final Path directory;
  private final KeyDirectory keys;
  private final boolean fresh;
  private final Generations collector;
  private final Generations log;
  private @Nullable RootKeys root;

  private Installation(Path directory, KeyDirectory keys, @Nullable RootKeys root, boolean fresh) {
    this.directory = directory;
    this.keys = keys;
    this.root = root;
    this.fresh = fresh;
    this.collector = new Generations(directory, keys, "collector");
    this.log = new Generations(directory, keys, LOG);
  }

  /**
   * Opens the keys of {@code data}, making them where there are none.
   *
   * @param wrappingKey file of the key that encrypts them; made with mode 0600 where it is missing
   * @throws KeyException when a key cannot be used
   * @throws IOException when the directory cannot be written
   */
  public static Installation open(Path data, Path wrappingKey) throws KeyException, IOException {
    return open(data, new Protection.WrappingKeyFile(wrappingKey), null);
  }

  /**
   * Opens the keys of {@code data}, making them where there are none.
   *
   * @param protection what encrypts them
   * @param elsewhere where the root's keyset lies, null when it is with the others or not here
   * @throws KeyException when a key cannot be used
   * @throws IOException when the directory cannot be written, or its root is not the one in force
   */
  public static Installation open(Path data, Protection protection, @Nullable RootPlace elsewhere)
      throws KeyException, IOException {
    Path directory = data.resolve("keys");
    Path rootFile = directory.resolve(ROOT_FILE);
    boolean fresh = !Files.exists(rootFile);
    KeyDirectory keys = KeyDirectory.open(directory, protection);
    KeyDirectory roots =
        elsewhere == null ? keys : KeyDirectory.open(elsewhere.directory(), elsewhere.protection());
    if (fresh) {
      Files.writeString(directory.resolve(USER_FILE), System.getProperty("user.name") + "\n");
    }
    RootKeys root = fresh ? RootKeys.make(roots, rootFile) : RootKeys.in(roots, rootFile);
    Installation opened = new Installation(directory, keys, root, fresh);
    if (root == null && (elsewhere != null || opened.collector.certificate() == null)) {
      throw new IOException(
          "%s has %s but not the root's keyset: a new root would be another organisation's; try: restore root.keyset from a backup, or name its directory: --root-keys DIR"
              .formatted(elsewhere == null ? directory : elsewhere.directory(), ROOT_FILE));
    }
    return opened;
  }

  /**
   * Where the root's keyset lies, when it is not with the other keys.
   *
   * @param directory its directory
   * @param protection what encrypts it
   */
  public record RootPlace(Path directory, Protection protection) {}

  /**
   * Makes the keys of a collector whose organisation's root is elsewhere: it is not certified yet.
   *
   * @param roots the organisation's root file
   * @throws IOException when there are keys already, or the directory cannot be written
   */
  public static Installation withoutRoot(Path data, Protection protection, Path roots)
      throws KeyException, IOException {
    Path directory = data.resolve("keys");
    Path rootFile = directory.resolve(ROOT_FILE);
    if (!Files.exists(roots)) {
      throw new IOException(
          "no root file %s; try: custody keys init --without-root --root FILE".formatted(roots));
    }
    String text = TrustedRoots.read(roots).fileText();
    boolean fresh = !Files.exists(rootFile);
    KeyDirectory keys = KeyDirectory.open(directory, protection);
    if (fresh) {
      Files.writeString(directory.resolve(USER_FILE), System.getProperty("user.name") + "\n");
      CertificateFile.replace(rootFile, text);
    }
    return new Installation(directory, keys, null, fresh);
  }

  /**
   * The keys of a stream processor: that of its logs, made where there is none. The root's keyset
   * need not be here.
   *
   * @param roots the organisation's root file
   */
  public static Installation ofProcessor(Path data, Protection protection, Path roots)
      throws KeyException, IOException {
    Path directory = data.resolve("keys");
    Path rootFile = directory.resolve(ROOT_FILE);
    KeyDirectory keys = KeyDirectory.open(directory, protection);
    if (!Files.exists(rootFile)) {
      CertificateFile.replace(rootFile, TrustedRoots.read(roots).fileText());
    }
    return new Installation(directory, keys, RootKeys.in(keys, rootFile), false);
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

  /** The revocations that were signed in {@code data}. */
  public static Path revocationFile(Path data) {
    return data.resolve("keys").resolve("revocations");
  }

  /** Whether the keys were made just now. */
  public boolean isFresh() {
    return fresh;
  }

  /** The roots that are trusted here, the newest last. */
  public TrustedRoots roots() throws IOException {
    return TrustedRoots.read(directory.resolve(ROOT_FILE));
  }

  /** Whether the root's keyset is at hand. */
  public boolean hasRoot() {
    return root != null;
  }

  /**
   * The organisation's root.
   *
   * @throws IOException when its keyset is not at hand
   */
  public CertificateAuthority authority() throws KeyException, IOException {
    return rootKeys().authority();
  }

  /**
   * The key of the root: what it signs is the organisation's word.
   *
   * @throws IOException when its keyset is not at hand
   */
  public Signer rootSigner() throws KeyException, IOException {
    return rootKeys().signer();
  }

  private RootKeys rootKeys() throws IOException {
    if (root == null) {
      throw new IOException(
          "the root's keyset is not in "
              + directory
              + "; try: name its directory: --root-keys DIR");
    }
    return root;
  }

  /** The operating-system user that was enrolled when the keys were made. */
  public String enrolledUser() throws IOException {
    return Files.readString(directory.resolve(USER_FILE)).strip();
  }

  /** The collector's key in force, made where there is none. */
  public Signer collector() throws KeyException {
    return collector.signer();
  }

  /**
   * The collector's key and certificate as they are on disk whenever they are asked for. With the
   * root at hand a key without a certificate, or with one for another name, is certified.
   *
   * @param spiffeId the collector's name, where the root is at hand; else its certificate says it
   */
  public CollectorKey.Source collectorKeys(String spiffeId, InstantSource clock) {
    return () -> {
      try {
        Bytes certificate = collector.certificate();
        if (root != null && (certificate == null || !isOf(certificate, spiffeId))) {
          certificate = certify(spiffeId, clock.instant());
        } else if (certificate == null) {
          throw new StartException(
              "the collector's key is not certified; try: custody keys enroll collector where the root is, then --certificate FILE here",
              null);
        }
        return new CollectorKey(collector.signer(), certificate);
      } catch (IOException | StartException e) {
        throw KeyException.because(String.valueOf(e.getMessage()), e);
      }
    };
  }

  private boolean isOf(Bytes certificate, String spiffeId) throws IOException {
    try {
      return roots().verify(certificate).subject().equals(spiffeId);
    } catch (UntrustedException e) {
      return false;
    }
  }

  private Bytes certify(String spiffeId, Instant now) throws KeyException, IOException {
    Bytes certificate =
        authority().certifyCollector(spiffeId, collector.signer().publicKey(), now, VALIDITY);
    collector.certify(certificate);
    return certificate;
  }

  /** Certifies the collector's key in force under {@code spiffeId}. */
  public void enrolCollector(String spiffeId, Instant now, Duration validity)
      throws KeyException, IOException {
    collector.certify(
        authority().certifyCollector(spiffeId, collector.signer().publicKey(), now, validity));
  }

  /**
   * Takes the certificate of this collector's key, or of the one that a rotation prepared, from
   * where the root is.
   *
   * @return whether it put another key in force
   */
  public boolean adopt(Path certificate) throws KeyException, IOException {
    Certificate read = CertificateFile.read(certificate, roots());
    return collector.adopt(CertificateFile.read(certificate), read.publicKey());
  }

  /** The collector's key that is to come, made where there is none; not yet in force. */
  public Signer nextCollector() throws KeyException {
    return collector.next();
  }

  /** Puts a new collector's key in force for the next start, or the next reload. */
  public void rotateCollector(Instant now, Duration validity) throws KeyException, IOException {
    String subject = subject(collector);
    collector.advance(
        authority().certifyCollector(subject, collector.next().publicKey(), now, validity));
  }

  private String subject(Generations of) throws IOException {
    Bytes certificate = of.certificate();
    if (certificate == null) {
      throw new IOException(
          "no key to rotate in " + directory + "; try: custody keys init, or custody up");
    }
    try {
      return roots().verify(certificate).subject();
    } catch (UntrustedException e) {
      throw new IOException("the certificate in force: " + e.getMessage(), e);
    }
  }

  /** The key of the transparency log that is in force; its name is {@code log}. */
  public Signer log() throws KeyException {
    return log.signer();
  }

  /** The certificate of that key; where it has none and the root is at hand, it gets one. */
  public Bytes logCertificate(Instant now) throws KeyException, IOException {
    Bytes known = log.certificate();
    if (known != null) {
      return known;
    }
    Bytes made = authority().certifyLog(LOG, log.signer().publicKey(), now, VALIDITY);
    log.certify(made);
    return made;
  }

  /** Puts a new key of the log in force; the list of logs is not written here. */
  public Signer rotateLog(Instant now, Duration validity) throws KeyException, IOException {
    Bytes _ = logCertificate(now);
    log.advance(authority().certifyLog(LOG, log.next().publicKey(), now, validity));
    return log.signer();
  }

  /**
   * The logs of {@code partitions} partitions and their key; what the list of logs lacks is added
   * to it, where the root is at hand.
   */
  public LogKeys logs(int partitions, Instant now)
      throws KeyException, StartException, IOException {
    LogRegister register = logRegister();
    return register.keys(
        register.complete(root == null ? null : authority(), log().publicKey(), partitions, now),
        log());
  }

  /** The list of logs. */
  public LogRegister logRegister() throws IOException {
    return new LogRegister(directory.resolve(LIST), roots());
  }

  /** Puts a new root in force, cross-signed with the old one; both stay trusted. */
  public void rotateRoot(Instant now) throws KeyException, IOException {
    root = rootKeys().rotate(now);
  }

  /**
   * The key with which the collector {@code spiffeId} signs hops for sub-agents, and its
   * certificate; where it has none and the root is at hand, it gets one. Without either there is
   * none, and sub-agents work without a hop of their own.
   */
  public Optional<HopSigner> agents(String spiffeId, Instant now) throws KeyException, IOException {
    TokenSigner key = keys.tokenSigner(AGENTS);
    Path file = directory.resolve(AGENTS + CertificateFile.SUFFIX);
    Bytes certificate = Files.exists(file) ? CertificateFile.read(file) : null;
    if (root != null && (certificate == null || !holds(certificate, key, spiffeId, now))) {
      certificate = authority().certifyAgent(spiffeId, key.publicJwks(), now, VALIDITY);
      CertificateFile.write(file, certificate);
    }
    return certificate != null && holds(certificate, key, spiffeId, now)
        ? Optional.of(new HopSigner(spiffeId, key, certificate))
        : Optional.empty();
  }

  private boolean holds(Bytes certificate, TokenSigner key, String spiffeId, Instant now)
      throws IOException {
    try {
      Certificate known = roots().verify(certificate);
      return known.role() == CertificateRole.AGENT
          && known.subject().equals(spiffeId)
          && known.publicKey().equals(Bytes.utf8(key.publicJwks()))
          && now.isBefore(known.notAfter());
    } catch (UntrustedException e) {
      return false;
    }
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
  public EnrolledHuman enrol(String human, Instant now) throws KeyException, IOException {
    if (human.isBlank() || human.length() > MAX_HUMAN_CHARS) {
      throw new IllegalArgumentException(
          "a human is named by 1 to " + MAX_HUMAN_CHARS + " characters");
    }
    // A key's name has few characters, a human's may have any.
    TokenSigner signer =
        keys.tokenSigner("human-" + Digest.sha256(Bytes.utf8(human).toByteArray()).hex());
    return new EnrolledHuman(
        signer, authority().certifyHuman(human, signer.publicJwks(), now, VALIDITY));
  }
}
