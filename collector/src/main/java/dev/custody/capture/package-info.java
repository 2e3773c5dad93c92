/**
 * Between the sources and the chain: what a source is given, and where it puts what it observed.
 *
 * <p>Invariant: what is recorded is redacted, durable and in order; a source never sees a key.
 *
 * <p>Neighbours: imports {@code event} and {@code signing}; every source imports it.
 */
@NullMarked
package dev.custody.capture;

import org.jspecify.annotations.NullMarked;
