/**
 * Plays a script to real collectors, or to their sources alone, and asks for the answers.
 *
 * <p><b>Invariant.</b> Nothing of the truth is told; time is the script's.
 */
@NullMarked
package dev.custody.accuracy.play;

import org.jspecify.annotations.NullMarked;
