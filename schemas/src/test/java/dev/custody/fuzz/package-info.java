/**
 * Fuzz targets for what parses hostile bytes. Ordinary test runs replay the inputs below {@code
 * src/test/resources/dev/custody/fuzz}; docs/tlog.md says how to search for new ones.
 *
 * <p>Invariant: whatever the bytes are, a parser answers with a value or with the one exception
 * that it declares; what it takes is, encoded again, the same bytes (of Avro: the same value).
 */
@NullMarked
package dev.custody.fuzz;

import org.jspecify.annotations.NullMarked;
