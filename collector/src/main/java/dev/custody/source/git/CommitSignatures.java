package dev.custody.source.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/**
 * Says of a commit's signature what can be said without running a program and without believing the
 * repository: signatures of SSH are verified, against the allowed signers in the configuration of
 * the system and of the user that the collector runs as. Those of GPG and X.509 are named only.
 */
final class CommitSignatures {
  /** What git signs for. */
  private static final String NAMESPACE = "git";

  private static final int LARGEST = 1 << 20;
  private static final String GPG = "-----BEGIN PGP ";
  private static final String X509 = "-----BEGIN SIGNED MESSAGE-----";

  /**
   * What is said of one.
   *
   * @param status {@code <kind>:<verdict>}
   * @param key fingerprint of the key that it names, as {@code ssh-keygen -l} shows it
   * @param signer the principals that the key is allowed for
   */
  record Verdict(String status, @Nullable String key, @Nullable String signer) {
    Verdict(String status) {
      this(status, null, null);
    }
  }

  private final GitSettings settings;
  private final GitPlace place;
  private boolean read;
  private @Nullable AllowedSigners signers;
  private @Nullable String revoked;

  /** For commits of the repository at {@code place}. */
  CommitSignatures(GitSettings settings, GitPlace place) {
    this.settings = settings;
    this.place = place;
  }

  /** Null when the commit carries none. */
  @Nullable Verdict of(RevCommit commit, Instant committedAt) {
    Split split = Split.of(commit.getRawBuffer());
    if (split.signatures == 0) {
      return null;
    }
    String text = split.signature.toString().strip();
    if (text.startsWith(SshSignature.BEGIN)) {
      return split.signatures == 1
          ? ssh(text, split.payload.toByteArray(), committedAt)
          : new Verdict("ssh:bad"); // Two in one commit: git would take them for one.
    }
    if (text.startsWith(GPG)) {
      return new Verdict("gpg:not-verified");
    }
    return new Verdict(text.startsWith(X509) ? "x509:not-verified" : "unknown:not-verified");
  }

  private Verdict ssh(String text, byte[] payload, Instant committedAt) {
    try {
      SshSignature signature = SshSignature.parse(text);
      byte[] key = signature.key();
      Boolean fits = signature.verifies(payload, NAMESPACE);
      String fingerprint = fingerprint(key);
      if (fits == null) {
        return new Verdict("ssh:not-verified", fingerprint, null);
      }
      return fits
          ? judge(key, fingerprint, committedAt)
          : new Verdict("ssh:bad", fingerprint, null);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Providers also report what is no key by unchecked exceptions.
      return new Verdict("ssh:bad");
    }
  }

  private Verdict judge(byte[] key, String fingerprint, Instant committedAt) {
    read();
    Boolean out = revoked == null ? Boolean.FALSE : AllowedSigners.isRevoked(revoked, key);
    if (signers == null || out == null) {
      return new Verdict("ssh:not-verified", fingerprint, null);
    }
    if (out) {
      return new Verdict("ssh:revoked-key", fingerprint, null);
    }
    String principals = signers.of(key, committedAt);
    if (principals == null) {
      return new Verdict("ssh:unknown-key", fingerprint, null);
    }
    return principals.isEmpty()
        ? new Verdict("ssh:expired-key", fingerprint, null)
        : new Verdict("ssh:good", fingerprint, principals);
  }

  /** Once for many commits, and only if one of them is signed. */
  private void read() {
    if (read) {
      return;
    }
    read = true;
    String allowed = file("allowedSignersFile");
    signers = allowed == null ? null : AllowedSigners.parse(allowed, NAMESPACE);
    if (settings.ofUser(place, "gpg", "ssh", "revocationFile") != null) {
      String list = file("revocationFile");
      if (list == null) {
        signers = null; // Without the list nobody can say that a key is not on it.
      }
      revoked = list;
    }
  }

  /** What a setting's file holds; null if it may be written by who writes the repository. */
  private @Nullable String file(String name) {
    String value = settings.ofUser(place, "gpg", "ssh", name);
    try {
      Path path = value == null ? null : settings.expand(value);
      if (path == null || !path.isAbsolute()) {
        return null;
      }
      Path real = path.toRealPath();
      boolean theirs = real.startsWith(place.root()) || real.startsWith(place.commonDir());
      return theirs ? null : SmallFile.read(real, LARGEST);
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  private static String fingerprint(byte[] key) {
    byte[] digest = dev.custody.digest.Digest.sha256(key).toByteArray();
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  /** A commit's signature, and the rest, which is what was signed. */
  private static final class Split {
    private static final String HEADER = "gpgsig ";
    private static final String OTHER = "gpgsig-sha256 ";

    final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    final StringBuilder signature = new StringBuilder();
    int signatures;

    static Split of(byte[] raw) {
      Split split = new Split();
      boolean inSignature = false;
      boolean inOther = false;
      int from = 0;
      while (from < raw.length && raw[from] != '\n') {
        int end = from;
        while (end < raw.length && raw[end] != '\n') {
          end++;
        }
        end = Math.min(raw.length, end + 1);
        String line = new String(raw, from, end - from, StandardCharsets.ISO_8859_1);
        boolean more = line.startsWith(" ");
        inSignature = line.startsWith(HEADER) || (inSignature && more);
        inOther = line.startsWith(OTHER) || (inOther && more);
        if (inSignature) {
          split.signatures += more ? 0 : 1;
          split.signature.append(line.substring(more ? 1 : HEADER.length()));
        } else if (!inOther) {
          split.payload.write(raw, from, end - from);
        }
        from = end;
      }
      split.payload.write(raw, from, raw.length - from);
      return split;
    }
  }
}
