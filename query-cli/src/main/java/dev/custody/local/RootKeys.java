package dev.custody.local;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The organisation's root: its newest key signs, the older ones are trusted still. */
final class RootKeys {
  /** A root is a root until its line is removed; what is written is long enough never to matter. */
  private static final Duration CROSS_VALIDITY = Duration.ofDays(36_500);

  private final KeyDirectory keys;
  private final Path file;
  private final String name;

  private RootKeys(KeyDirectory keys, Path file, String name) {
    this.keys = keys;
    this.file = file;
    this.name = name;
  }

  /** The root whose newest key is in {@code keys}; null when it is not there. */
  static @Nullable RootKeys in(KeyDirectory keys, Path file) throws KeyException, IOException {
    int newestHere = 0;
    for (int g = 1; g <= TrustedRoots.MAX_KEYS; g++) {
      newestHere = keys.has(named(g)) ? g : newestHere;
    }
    if (newestHere == 0) {
      return null;
    }
    String name = named(newestHere);
    RootKeys found = new RootKeys(keys, file, name);
    Bytes newest = TrustedRoots.read(file).publicKeys().getLast();
    if (found.signer().publicKey().equals(newest)) {
      return found;
    }
    // A rotation that did not end: the newest keyset is not in force yet.
    boolean older = newestHere > 1 && keys.has(named(newestHere - 1));
    RootKeys before = new RootKeys(keys, file, named(Math.max(1, newestHere - 1)));
    if (older && before.signer().publicKey().equals(newest)) {
      return before;
    }
    throw new IOException(
        "%s: %s is not the key in %s.keyset; try: restore both from one backup"
            .formatted(file.toAbsolutePath().getParent(), file.getFileName(), name));
  }

  private static String named(int generation) {
    return generation == 1 ? "root" : "root-" + generation;
  }

  private static int number(String name) {
    return name.equals("root") ? 1 : Integer.parseInt(name.substring("root-".length()));
  }

  /** Makes the first root of an organisation. */
  static RootKeys make(KeyDirectory keys, Path file) throws KeyException, IOException {
    RootKeys made = new RootKeys(keys, file, "root");
    CertificateFile.replace(file, TrustedRoots.fileText(made.signer().publicKey()));
    return made;
  }

  Signer signer() throws KeyException {
    return keys.signer(name);
  }

  CertificateAuthority authority() throws KeyException {
    return new CertificateAuthority(signer());
  }

  /**
   * Makes a new root, cross-signs it with this one, and destroys this one's private key: who steals
   * it afterwards has nothing.
   */
  RootKeys rotate(Instant now) throws KeyException, IOException {
    TrustedRoots known = TrustedRoots.read(file);
    if (known.publicKeys().size() >= TrustedRoots.MAX_KEYS) {
      throw new IOException(
          "%s has %d root keys, the most there may be".formatted(file, TrustedRoots.MAX_KEYS));
    }
    RootKeys next = new RootKeys(keys, file, named(number(name) + 1));
    List<Bytes> all = new ArrayList<>(known.publicKeys());
    all.add(next.signer().publicKey());
    List<Bytes> crosses = new ArrayList<>(known.crosses());
    crosses.add(authority().certifyRoot(next.signer().publicKey(), now, CROSS_VALIDITY));
    crosses.add(next.authority().certifyRoot(signer().publicKey(), now, CROSS_VALIDITY));
    String text = new TrustedRoots(all, crosses).fileText();
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(java.util.Objects.requireNonNull(directory));
    CertificateFile.replace(file, text);
    keys.destroy(name);
    return next;
  }
}
