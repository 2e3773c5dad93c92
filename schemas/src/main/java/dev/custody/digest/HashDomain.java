package dev.custody.digest;

import java.nio.charset.StandardCharsets;

/**
 * Every context in which this project hashes or signs, so that no two can be confused. The bytes
 * that go first are the ASCII name and one zero byte; {@code docs/format.md} has a test vector for
 * each.
 */
public enum HashDomain {
  /** The link statement, docs/format.md "Link". */
  LINK("custody.link.v1"),
  /** The seal statement, docs/format.md "Seal". */
  SEAL("custody.seal.v1"),
  /** Chain ids, from the genesis event. */
  CHAIN("custody.chain.v1"),
  /** What the organisation's root signs of a key. */
  CERTIFICATE("custody.certificate.v1"),
  /** What the organisation's root signs when it trusts a key no longer. */
  REVOCATION("custody.revocation.v1"),
  /** Key ids, from the raw public key. */
  KEY("custody.key.v1"),
  /** Finding ids, from rule, group and period. */
  FINDING("custody.finding.v1"),
  /** Digest of a detection rule set. */
  RULES("custody.rules.v1");

  @SuppressWarnings("ImmutableEnumChecker") // Nobody but this class sees the array.
  private final byte[] prefix;

  HashDomain(String label) {
    this.prefix = (label + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  /** The ASCII name and a zero byte. */
  public byte[] prefix() {
    return prefix.clone();
  }

  /** SHA-256 over the prefix and {@code parts}. */
  public Digest sha256(byte[]... parts) {
    byte[][] all = new byte[parts.length + 1][];
    all[0] = prefix();
    System.arraycopy(parts, 0, all, 1, parts.length);
    return Digest.sha256(all);
  }
}
