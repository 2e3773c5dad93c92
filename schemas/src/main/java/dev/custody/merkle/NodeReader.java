package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.io.IOException;

/** Where the hashes of perfect subtrees are kept: a store, tiles, an export. */
@FunctionalInterface
public interface NodeReader {
  /**
   * The root over the leaves from {@code index * 2^level} up to, not including, {@code (index + 1)
   * * 2^level}.
   *
   * @param level 0 for a leaf hash
   * @throws IOException when the hash is not there or cannot be read
   */
  Digest node(int level, long index) throws IOException;
}
