/**
 * Measures who is named against the truth: a made-up organisation, whose sources are the real
 * formats and whose truth is known.
 *
 * <p><b>Invariant.</b> The product is spoken to through its front door only. {@code
 * docs/accuracy.md} says what is made and how to run it.
 */
@NullMarked
package dev.custody.accuracy;

import org.jspecify.annotations.NullMarked;
