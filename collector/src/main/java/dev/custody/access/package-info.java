/**
 * Who may speak to a collector that listens beyond loopback, and who may hand in providers' records
 * anywhere: whoever has one of its tokens for that.
 *
 * <p>Invariants: a token is never logged, never in a message, never on a command line; its file is
 * its owner's alone, and one that others may read is not used.
 *
 * <p>Neighbours: none of ours. {@code http} asks it, and clients read their token by it; the format
 * of the file is in {@code docs/operations.md}.
 */
@NullMarked
package dev.custody.access;

import org.jspecify.annotations.NullMarked;
