/**
 * What verification costs: by part (JMH) and as a whole, over logs of millions of events.
 *
 * <p>Invariant: what is measured is what {@code custody verify} runs. {@code docs/performance.md}
 * has the commands and the figures.
 */
@NullMarked
package dev.custody.bench;

import org.jspecify.annotations.NullMarked;
