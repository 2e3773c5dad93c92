/**
 * Decides whether a record belongs to the history that is believed.
 *
 * <p>Invariant: only {@link dev.custody.admission.Admission} makes a {@link
 * dev.custody.admission.VerifiedEvent}; no clock and no derived store is asked.
 *
 * <p>Neighbours: imports every package of the record; is imported by the stream, by auditors and,
 * for certificates, by collectors.
 */
@NullMarked
package dev.custody.admission;

import org.jspecify.annotations.NullMarked;
