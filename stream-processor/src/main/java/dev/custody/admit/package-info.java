/**
 * Admission of each record, from its own partition alone.
 *
 * <p>Invariant: nothing behind this step sees a record that did not verify; what fails is kept
 * whole.
 *
 * <p>Neighbours: imports schemas only.
 */
@NullMarked
package dev.custody.admit;

import org.jspecify.annotations.NullMarked;
