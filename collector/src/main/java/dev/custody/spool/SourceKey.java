package dev.custody.spool;

import java.nio.charset.StandardCharsets;

/**
 * A source's own name of one record, by which a repeat is known.
 *
 * @param kind kind of source
 * @param id the source's identifier
 */
public record SourceKey(String kind, String id) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException when the kind holds the separator
   */
  public SourceKey {
    if (kind.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a kind of source holds no zero character");
    }
  }

  byte[] toKey() {
    return (kind + '\0' + id).getBytes(StandardCharsets.UTF_8);
  }
}
