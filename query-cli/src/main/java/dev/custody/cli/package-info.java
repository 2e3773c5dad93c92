/**
 * The {@code custody} command: one command a file, and how its answers look.
 *
 * <p>Invariants: everything that came from outside goes through {@link dev.custody.cli.Terminal}
 * before people see it, so that no data can move a cursor or hide itself; a grade is shown wherever
 * an attribution is; errors are reported in one place, {@link dev.custody.cli.Main}. Standard
 * output holds the answer only.
 *
 * <p>Neighbours: imports everything; nothing imports it.
 */
@NullMarked
package dev.custody.cli;

import org.jspecify.annotations.NullMarked;
