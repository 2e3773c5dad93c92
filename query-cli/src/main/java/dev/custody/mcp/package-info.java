/**
 * The wrapper around an MCP server: {@code custody mcp}.
 *
 * <p>Invariants: what one side sends, the other gets, byte for byte and in order, whether anything
 * can be recorded or not; the one exception is a call of a tool that the collector denied, which is
 * answered in the server's place. Recording never waits for memory or for the collector: what does
 * not fit is counted.
 *
 * <p>Neighbours: knows no other package of Custody and starts with the JDK's classes alone; writes
 * what the collector's {@code source.mcp} reads.
 */
@NullMarked
package dev.custody.mcp;

import org.jspecify.annotations.NullMarked;
