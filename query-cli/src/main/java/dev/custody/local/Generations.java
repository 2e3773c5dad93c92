package dev.custody.local;

import dev.custody.digest.Bytes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One key of a directory and those that take its place: {@code NAME}, {@code NAME-2}, {@code
 * NAME-3} and so on. In force is the newest one with a certificate beside it; a keyset without one
 * was made by a rotation that did not end, and is what the next one takes up.
 */
final class Generations {
  private static final int MOST = 10_000;

  private final Path directory;
  private final KeyDirectory keys;
  private final String name;

  Generations(Path directory, KeyDirectory keys, String name) {
    this.directory = directory;
    this.keys = keys;
    this.name = name;
  }

  private String named(int generation) {
    return generation == 1 ? name : name + "-" + generation;
  }

  private Path file(int generation) {
    return directory.resolve(named(generation) + CertificateFile.SUFFIX);
  }

  /** The newest one with a certificate; 1 where none has one. */
  private int current() {
    int newest = 1;
    for (int g = 1; g <= MOST && (Files.exists(file(g)) || g == 1); g++) {
      newest = g;
    }
    return newest;
  }

  /** The key in force, made where there is none. */
  Signer signer() throws KeyException {
    return keys.signer(named(current()));
  }

  /** Its certificate, null while it has none. */
  @Nullable Bytes certificate() throws IOException {
    Path file = file(current());
    return Files.exists(file) ? CertificateFile.read(file) : null;
  }

  /** Certifies the key in force. */
  void certify(Bytes signed) throws IOException {
    CertificateFile.write(file(current()), signed);
  }

  /** The key that is to come, made where there is none; not yet in force. */
  Signer next() throws KeyException {
    return keys.signer(named(current() + 1));
  }

  /** Puts the key that is to come in force, and destroys the one before. */
  void advance(Bytes signed) throws IOException, KeyException {
    int before = current();
    CertificateFile.write(file(before + 1), signed);
    keys.destroy(named(before));
  }

  /**
   * Takes a certificate from elsewhere: of the key in force, or of the one that is to come.
   *
   * @return whether it put another key in force
   */
  boolean adopt(Bytes signed, Bytes publicKey) throws IOException, KeyException {
    if (signer().publicKey().equals(publicKey)) {
      certify(signed);
      return false;
    }
    if (keys.has(named(current() + 1)) && next().publicKey().equals(publicKey)) {
      advance(signed);
      return true;
    }
    throw new IOException(
        "the certificate is of key %s, the %s key in %s is %s; try: custody keys show"
            .formatted(publicKey.shortHex(), name, directory, signer().publicKey().shortHex()));
  }
}
