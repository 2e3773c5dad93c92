/**
 * What rules see of an event: its source's own record, and Custody's fields beside it under {@code
 * custody}, which are the same whatever agent, cloud or log told of it. {@code docs/detection.md}
 * lists them.
 *
 * <p>{@link dev.custody.view.RuleView} is an event as rules see it. What costs something (a shell's
 * command line is parsed, a result is searched) is worked out when a rule first asks for it, once.
 *
 * <p><b>Invariant.</b> A pure function of the event, total and bounded. A field says what the event
 * carries; what it does not carry is absent, never guessed.
 *
 * <p><b>Neighbours.</b> Knows events, acts, {@code dev.custody.sigma} and {@code
 * dev.custody.pipeline}; rules, Kafka and findings it does not know.
 */
@NullMarked
package dev.custody.view;

import org.jspecify.annotations.NullMarked;
