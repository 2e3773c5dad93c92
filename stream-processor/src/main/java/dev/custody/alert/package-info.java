/**
 * Findings as OCSF.
 *
 * <p>Invariant: a finding depends on its evidence alone, never on a clock or on order.
 *
 * <p>Neighbours: imports {@code detect} and {@code sigma}.
 */
@NullMarked
package dev.custody.alert;

import org.jspecify.annotations.NullMarked;
