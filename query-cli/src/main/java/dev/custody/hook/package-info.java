/**
 * Capture on a developer's machine: what is written into the settings of coding agents and into a
 * repository's git hooks so that the collector hears of them, and how it is taken away again.
 *
 * <p>Invariants: nothing of what stands in a file is lost, changed or moved, however odd its form;
 * an edit that cannot be made so is refused. Nothing secret is written into settings. What is ours
 * is recognised by what it does, never by a mark: agents rewrite their settings and drop what they
 * do not know.
 *
 * <p>Neighbours: knows neither the command line nor any other package of ours; {@code
 * docs/capture.md} is its contract.
 */
@NullMarked
package dev.custody.hook;

import org.jspecify.annotations.NullMarked;
