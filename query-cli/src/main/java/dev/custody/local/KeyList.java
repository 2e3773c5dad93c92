package dev.custody.local;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.identity.Certificate;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.trust.Revocation;
import dev.custody.trust.Revocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of a data directory as its public files show them: nothing secret is opened. */
public final class KeyList {
  private KeyList() {}

  /**
   * One key.
   *
   * @param name of its keyset
   * @param role what it may do
   * @param subject whose it is, null of a root
   * @param key its id
   * @param publicKey as certified
   * @param notBefore start of its certificate, null of a root
   * @param notAfter end of its certificate, null of a root
   * @param protection what encrypts its keyset; empty when that is not here
   * @param revoked the revocation of it, null when there is none
   */
  public record Key(
      String name,
      String role,
      @Nullable String subject,
      KeyId key,
      Bytes publicKey,
      @Nullable Instant notBefore,
      @Nullable Instant notAfter,
      String protection,
      @Nullable Revocation revoked) {
    /** SHA-256 of the public key, hex, for people to compare. */
    public String fingerprint() {
      return Digest.sha256(publicKey.toByteArray()).hex();
    }
  }

  /**
   * The keys of {@code data}: the roots, then what they certified.
   *
   * @throws IOException when a file cannot be read, or no trusted root signed it
   */
  public static List<Key> of(Path data) throws IOException, KeyException {
    Path directory = data.resolve("keys");
    TrustedRoots roots = TrustedRoots.read(Installation.rootFile(data));
    Path file = Installation.revocationFile(data);
    Revocations revocations = Files.exists(file) ? Revocations.read(file, roots) : Revocations.NONE;
    String protection = KeyDirectory.protection(directory);
    List<Key> keys = new ArrayList<>();
    for (Bytes root : roots.publicKeys()) {
      String name = keys.isEmpty() ? "root" : "root-" + (keys.size() + 1);
      keys.add(
          key(
              name,
              "ROOT",
              null,
              root,
              null,
              null,
              held(directory, name, protection),
              revocations));
    }
    for (Path certified : certificates(directory)) {
      String name = certified.getFileName().toString().replaceFirst("\\.cert$", "");
      Certificate c = CertificateFile.read(certified, roots);
      keys.add(
          key(
              name,
              c.role().name(),
              c.subject(),
              c.publicKey(),
              c.notBefore(),
              c.notAfter(),
              held(directory, name, protection),
              revocations));
    }
    return keys;
  }

  private static List<Path> certificates(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(CertificateFile.SUFFIX)).sorted().toList();
    }
  }

  private static String held(Path directory, String name, String protection) {
    return Files.exists(directory.resolve(name + ".keyset")) ? protection : "";
  }

  private static Key key(
      String name,
      String role,
      @Nullable String subject,
      Bytes publicKey,
      @Nullable Instant notBefore,
      @Nullable Instant notAfter,
      String protection,
      Revocations revocations) {
    KeyId id = KeyId.ofPublicKey(publicKey.toByteArray());
    Revocation revoked =
        revocations.all().stream().filter(r -> r.key().equals(id)).findFirst().orElse(null);
    return new Key(name, role, subject, id, publicKey, notBefore, notAfter, protection, revoked);
  }
}
