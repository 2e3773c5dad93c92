/**
 * Who did it
 *
 * <p>Invariant: claims, asks, grades, rivals and delegations.
 *
 * <p>Neighbours: the answer depends on the set of events, not on their order; the best graded claim
 * wins, equal rivals are shown.:imports the records of schemas.
 */
@NullMarked
package dev.custody.attribute;

import org.jspecify.annotations.NullMarked;
