/**
 * What should have been heard of and was not: the gaps of sessions and of collectors.
 *
 * <p>Invariant: in the end, gaps are a function of the set of events; a clock only says that what
 * has to pass has passed.
 *
 * <p>Neighbours: imports {@code detect} and the records of schemas.
 */
@NullMarked
package dev.custody.complete;

import org.jspecify.annotations.NullMarked;
