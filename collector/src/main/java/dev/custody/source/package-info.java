/**
 * What the sources of evidence have in common: the identifiers and resources that link an agent's
 * words and a provider's records.
 *
 * <p>Invariant: an identifier is never a secret; whatever is read here may be stored, indexed and
 * shown.
 *
 * <p>Allowed neighbours: none. Each source has a package of its own below.
 */
@NullMarked
package dev.custody.source;

import org.jspecify.annotations.NullMarked;
