package dev.custody.digest;

/**
 * Names a chain: derived from its genesis event, so nobody can open a rival #0 of another's chain.
 */
public final class ChainId extends Bytes {
  /** Number of bytes. */
  public static final int SIZE = 16;

  /**
   * Copies {@code value}.
   *
   * @throws IllegalArgumentException unless it has {@link #SIZE} bytes
   */
  public ChainId(byte[] value) {
    super(value, SIZE);
  }

  /** Copies {@link #SIZE} bytes of {@code source}. */
  public ChainId(byte[] source, int from) {
    super(source, from, SIZE);
  }

  /** The id of the chain that begins with {@code genesisEvent}, the encoded event. */
  public static ChainId ofGenesis(byte[] genesisEvent) {
    byte[] digest = HashDomain.CHAIN.sha256(genesisEvent).toByteArray();
    return new ChainId(java.util.Arrays.copyOf(digest, SIZE));
  }

  /** Parses 32 hex digits. */
  public static ChainId ofHex(String hex) {
    return new ChainId(parseHex(hex));
  }
}
