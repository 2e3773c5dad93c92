/**
 * What the rules see and what a trace consists of.
 *
 * <p>Invariant: only the highest revision of an attribution speaks; what it no longer says is taken
 * back.
 *
 * <p>Neighbours: imports {@code sigma}, {@code admit} and the records of schemas.
 */
@NullMarked
package dev.custody.detect;

import org.jspecify.annotations.NullMarked;
