package dev.custody.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that a collector takes now. Its file is read again once a second while requests come:
 * a token that was added or taken out counts without a restart. What cannot be read leaves those in
 * force that were, and is said.
 */
public final class Tokens {
  /** What a request presents. */
  public enum Presented {
    VALID,
    NONE,
    UNKNOWN
  }

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([^ ]+) *");

  private final Path file;

  private volatile List<byte[]> digests;
  private volatile long lookedAt = System.nanoTime();

  // Guarded by this.
  private String problem = "";

  private Tokens(Path file, List<byte[]> digests) {
    this.file = file;
    this.digests = digests;
  }

  /**
   * The tokens of {@code file}, which is made with a random one where it is missing.
   *
   * @throws TokenException when it cannot be used
   */
  public static Tokens open(Path file) throws IOException {
    if (TokenFile.makeIfMissing(file)) {
      LOG.info("made {} with a new token", file);
    }
    return new Tokens(file, digests(TokenFile.read(file)));
  }

  private static List<byte[]> digests(List<String> tokens) {
    return tokens.stream().map(Tokens::digest).toList();
  }

  // Digests have one length: comparing them tells nothing of a token, not even how long it is.
  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /** What the values of a request's {@code Authorization} headers are worth. */
  public Presented presented(List<String> authorization) {
    if (authorization.isEmpty()) {
      return Presented.NONE;
    }
    Matcher bearer = BEARER.matcher(authorization.getFirst());
    if (authorization.size() > 1 || !bearer.matches()) {
      return Presented.UNKNOWN;
    }
    lookAgain();
    byte[] found = digest(bearer.group(1));
    boolean known = false;
    for (byte[] digest : digests) {
      // Each is compared, and each whole, so that the time says nothing.
      known |= MessageDigest.isEqual(digest, found);
    }
    return known ? Presented.VALID : Presented.UNKNOWN;
  }

  private void lookAgain() {
    if (System.nanoTime() - lookedAt < LOOK_EVERY_NANOS) {
      return;
    }
    synchronized (this) {
      if (System.nanoTime() - lookedAt < LOOK_EVERY_NANOS) {
        return;
      }
      try {
        digests = digests(TokenFile.read(file));
        problem = "";
      } catch (IOException e) {
        String said = String.valueOf(e.getMessage());
        if (!said.equals(problem)) {
          LOG.error("the tokens that were read before stay in force: {}", said);
        }
        problem = said;
      }
      lookedAt = System.nanoTime();
    }
  }
}
