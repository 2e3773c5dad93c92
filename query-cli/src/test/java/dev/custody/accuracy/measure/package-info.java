/**
 * Answers against the truth.
 *
 * <p><b>Invariant.</b> An answer counts by what it says and how surely; nothing is excused.
 */
@NullMarked
package dev.custody.accuracy.measure;

import org.jspecify.annotations.NullMarked;
