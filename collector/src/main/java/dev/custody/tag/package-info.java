/**
 * The tag of an agent session: what the tools that it starts carry into the records of others, a
 * cloud's user agent or a commit's trailer.
 *
 * <p>Invariant: a tag is a keyed function of the session, so nobody without the key can compute it;
 * it says nothing of the session; whoever saw one can spoof it.
 *
 * <p>Neighbours: imports {@code capture} and {@code signing}; imported by {@code http} and by the
 * sources, which recognise tags.
 */
@NullMarked
package dev.custody.tag;

import org.jspecify.annotations.NullMarked;
