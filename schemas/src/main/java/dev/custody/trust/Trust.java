package dev.custody.trust;

/** Whether what was admitted is still believed. Beside the verdict of admission, and revisable. */
public sealed interface Trust {
  /** Whether it is believed. */
  default boolean trusted() {
    return this instanceof Trusted;
  }

  /** In words, as it is shown. */
  String detail();

  /** No revocation that is known speaks against it. */
  record Trusted() implements Trust {
    @Override
    public String detail() {
      return "trusted";
    }
  }

  /**
   * A revocation speaks against it: the thief of the key could have written it.
   *
   * @param revocation the one that does; of several the first in their order
   * @param why how it does
   */
  record Untrusted(Revocation revocation, Why why) implements Trust {
    @Override
    public String detail() {
      return switch (why) {
        case AFTER_THE_LAST_TRUSTED ->
            "UNTRUSTED: key %s revoked after #%d (%s)"
                .formatted(
                    revocation.key().shortHex(), revocation.lastTrusted(), revocation.reason());
        case ANOTHER_CHAIN ->
            "UNTRUSTED: key %s revoked after #%d of chain %s, which this does not come before (%s)"
                .formatted(
                    revocation.key().shortHex(),
                    revocation.lastTrusted(),
                    revocation.chain().shortHex(),
                    revocation.reason());
        case ANOTHER_HISTORY ->
            "UNTRUSTED: key %s revoked after #%d with link %s, this chain has another link there (%s)"
                .formatted(
                    revocation.key().shortHex(),
                    revocation.lastTrusted(),
                    revocation.link().shortHex(),
                    revocation.reason());
      };
    }
  }

  /** How a revocation speaks against a position. */
  enum Why {
    /** It lies behind the last trusted position of the chain that is named. */
    AFTER_THE_LAST_TRUSTED,
    /**
     * The same key sealed it in a chain, or behind the end of one, that the named one comes not
     * from.
     */
    ANOTHER_CHAIN,
    /**
     * The chain that is named holds another record at the last trusted position: another history.
     */
    ANOTHER_HISTORY
  }
}
