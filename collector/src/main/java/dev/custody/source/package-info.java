/**
 * What the sources of evidence have in common: the identifiers and resources that link an agent's
 * words and a provider's records, the form in which signed statements are handed in, and where
 * running sessions work.
 *
 * <p>Invariant: an identifier is never a secret; whatever is read here may be stored, indexed and
 * shown.
 *
 * <p>Neighbours: imports {@code capture}. Each source has a package of its own below.
 */
@NullMarked
package dev.custody.source;

import org.jspecify.annotations.NullMarked;
