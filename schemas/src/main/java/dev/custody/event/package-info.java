/**
 * The vocabulary: what happened, as sealed records.
 *
 * <p>Invariant: texts live in {@code content} only, so that an event can be withheld or erased.
 *
 * <p>Neighbours: imports {@code digest} only.
 */
@NullMarked
package dev.custody.event;

import org.jspecify.annotations.NullMarked;
