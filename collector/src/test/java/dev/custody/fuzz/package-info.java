/**
 * What fuzz targets share. The targets stand beside what they try, in classes named {@code
 * ...FuzzTest}; ordinary test runs replay the inputs below {@code src/test/resources}.
 *
 * <p>Invariant: whatever the bytes are, a reader answers with a value or with the one exception
 * that it declares, and the events that it tells can be written and read back.
 */
@NullMarked
package dev.custody.fuzz;

import org.jspecify.annotations.NullMarked;
