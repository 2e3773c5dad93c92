/**
 * The whole of Custody, from an agent's hook to the printed answer: real processes, a real broker,
 * real repositories.
 */
@NullMarked
package dev.custody.e2e;

import org.jspecify.annotations.NullMarked;
