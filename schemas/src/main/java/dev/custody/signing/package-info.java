/**
 * Keys: signing, verifying, fingerprinting, and keysets at rest.
 *
 * <p>Invariant: no private key is stored in the clear; Conscrypt is in force before the first
 * primitive.
 *
 * <p>Neighbours: the only importer of Tink and Bouncy Castle; imports {@code digest} and {@code
 * identity}.
 */
@NullMarked
package dev.custody.signing;

import org.jspecify.annotations.NullMarked;
