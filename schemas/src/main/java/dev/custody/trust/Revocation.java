package dev.custody.trust;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.event.Body;
import dev.custody.signing.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A root's statement that a key is trusted up to a position of a chain and no further. Only a
 * trusted root's signature makes one; {@code docs/format.md}, "Revocations".
 */
public final class Revocation implements Comparable<Revocation> {
  /** Longest reason, in bytes of UTF-8. */
  public static final int MAX_REASON_BYTES = 1024;

  private static final String HEADER = "custody-revocation-v1 ";
  private static final int FIXED_BYTES =
      KeyId.SIZE + SignatureBytes.SIZE + KeyId.SIZE + ChainId.SIZE + Long.BYTES + Digest.SIZE;

  private final Body.KeyRevoked body;

  private Revocation(Body.KeyRevoked body) {
    this.body = body;
  }

  /**
   * Has {@code root} revoke {@code key}.
   *
   * @param chain the chain that it sealed
   * @param sequence the last position of it that is trusted
   * @param link the link hash there
   * @param reason why, 1 to {@link #MAX_REASON_BYTES} bytes
   * @throws IllegalArgumentException for another reason or a negative position
   */
  public static Revocation sign(
      Signer root, KeyId key, ChainId chain, long sequence, Digest link, String reason) {
    String refusal = refusal(sequence, reason);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    byte[] statement = statement(key, chain, sequence, link, reason);
    return new Revocation(
        new Body.KeyRevoked(
            key, chain, sequence, link, reason, root.keyId(), root.sign(statement)));
  }

  /**
   * The revocation in {@code body}.
   *
   * @throws UntrustedException when no root of {@code roots} signed it
   */
  public static Revocation verify(Body.KeyRevoked body, TrustedRoots roots)
      throws UntrustedException {
    String refusal = refusal(body.lastTrustedSequence(), body.reason());
    if (refusal != null) {
      throw new UntrustedException(refusal);
    }
    byte[] statement =
        statement(
            body.key(),
            body.chain(),
            body.lastTrustedSequence(),
            body.lastTrustedLink(),
            body.reason());
    roots.verify(body.rootKey(), body.signature(), statement);
    return new Revocation(body);
  }

  /**
   * The revocation in a line of a revocation file: {@code custody-revocation-v1} and, in base64,
   * root key id, signature, key id, chain, u64 sequence, link and reason.
   *
   * @throws UntrustedException when it is of another form, or no root of {@code roots} signed it
   */
  public static Revocation parse(String line, TrustedRoots roots) throws UntrustedException {
    ByteBuffer in = ByteBuffer.wrap(decode(line));
    KeyId root = new KeyId(take(in, KeyId.SIZE));
    SignatureBytes signature = new SignatureBytes(take(in, SignatureBytes.SIZE));
    KeyId key = new KeyId(take(in, KeyId.SIZE));
    ChainId chain = new ChainId(take(in, ChainId.SIZE));
    long sequence = in.getLong();
    Digest link = new Digest(take(in, Digest.SIZE));
    try {
      String reason = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
      return verify(
          new Body.KeyRevoked(key, chain, sequence, link, reason, root, signature), roots);
    } catch (CharacterCodingException e) {
      throw new UntrustedException("expected a reason in UTF-8, found other bytes");
    }
  }

  private static byte[] decode(String line) throws UntrustedException {
    int longest = HEADER.length() + 4 * ((FIXED_BYTES + MAX_REASON_BYTES + 2) / 3);
    if (!line.startsWith(HEADER) || line.length() > longest) {
      throw new UntrustedException(
          "expected '%sBASE64' of at most %d characters, found another line"
              .formatted(HEADER, longest));
    }
    String encoded = line.substring(HEADER.length());
    try {
      byte[] value = Base64.getDecoder().decode(encoded);
      if (value.length > FIXED_BYTES && Base64.getEncoder().encodeToString(value).equals(encoded)) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      throw new UntrustedException("not base64: " + e.getMessage());
    }
    throw new UntrustedException(
        "expected more than " + FIXED_BYTES + " bytes in canonical base64");
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return part;
  }

  private static @org.jspecify.annotations.Nullable String refusal(long sequence, String reason) {
    int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
    if (sequence < 0) {
      return "expected a last trusted position of #0 or later, found #" + sequence;
    }
    return bytes < 1 || bytes > MAX_REASON_BYTES
        ? "expected a reason of 1 to %d bytes, found %d".formatted(MAX_REASON_BYTES, bytes)
        : null;
  }

  private static byte[] statement(
      KeyId key, ChainId chain, long sequence, Digest link, String reason) {
    byte[] prefix = HashDomain.REVOCATION.prefix();
    byte[] why = reason.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(
            prefix.length + KeyId.SIZE + ChainId.SIZE + Long.BYTES + Digest.SIZE + why.length)
        .put(prefix)
        .put(key.asByteBuffer())
        .put(chain.asByteBuffer())
        .putLong(sequence)
        .put(link.asByteBuffer())
        .put(why)
        .array();
  }

  /** The bytes that the root signed. */
  public byte[] statement() {
    return statement(key(), chain(), lastTrusted(), link(), reason());
  }

  /** The line of a revocation file, with its end. */
  public String fileText() {
    return line(body) + "\n";
  }

  /** The line of a revocation file for {@code body}, which says nothing of whether it is true. */
  public static String line(Body.KeyRevoked body) {
    byte[] why = body.reason().getBytes(StandardCharsets.UTF_8);
    byte[] value =
        ByteBuffer.allocate(FIXED_BYTES + why.length)
            .put(body.rootKey().asByteBuffer())
            .put(body.signature().asByteBuffer())
            .put(body.key().asByteBuffer())
            .put(body.chain().asByteBuffer())
            .putLong(body.lastTrustedSequence())
            .put(body.lastTrustedLink().asByteBuffer())
            .put(why)
            .array();
    return HEADER + Base64.getEncoder().encodeToString(value);
  }

  /** As it is recorded. */
  public Body.KeyRevoked body() {
    return body;
  }

  /** The key that is revoked. */
  public KeyId key() {
    return body.key();
  }

  /** The chain that is named. */
  public ChainId chain() {
    return body.chain();
  }

  /** The last position of the chain that is trusted. */
  public long lastTrusted() {
    return body.lastTrustedSequence();
  }

  /** The link hash there. */
  public Digest link() {
    return body.lastTrustedLink();
  }

  /** Why, in the words of whoever revoked. */
  public String reason() {
    return body.reason();
  }

  // What is signed says all: the root and its signature only vouch for it.
  @Override
  public int compareTo(Revocation other) {
    return java.util.Arrays.compareUnsigned(statement(), other.statement());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Revocation that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return new Bytes(statement()).hashCode();
  }

  @Override
  public String toString() {
    return "key %s revoked after #%d of chain %s (%s)"
        .formatted(key().shortHex(), lastTrusted(), chain().shortHex(), reason());
  }
}
