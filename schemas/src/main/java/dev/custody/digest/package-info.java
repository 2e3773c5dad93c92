/**
 * Byte strings, the one spelling that each has as text, and the domains in which they are hashed or
 * signed.
 *
 * <p>Invariant: no two contexts share a hash domain; values are immutable.
 *
 * <p>Neighbours: imports nothing of this project.
 */
@NullMarked
package dev.custody.digest;

import org.jspecify.annotations.NullMarked;
