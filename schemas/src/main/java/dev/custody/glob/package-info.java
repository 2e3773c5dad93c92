/**
 * Patterns in which {@code *} stands for any characters and {@code ?} for one: of scopes, and of
 * the tables of acts.
 *
 * <p><b>Neighbours.</b> Knows nothing.
 */
@NullMarked
package dev.custody.glob;

import org.jspecify.annotations.NullMarked;
