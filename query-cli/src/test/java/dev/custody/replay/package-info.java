/**
 * Recorded sessions of real agents, through the collector's sources and the stream processor's
 * graph: what is said to be missing of them.
 */
@NullMarked
package dev.custody.replay;

import org.jspecify.annotations.NullMarked;
