/**
 * MCP: what passes between an agent and a server of tools that it runs under {@code custody mcp},
 * as {@code docs/mcp.md} says.
 *
 * <p>Invariant: a message is redacted before anything of it is remembered or recorded; one that can
 * be read in two ways is read in none and recorded as text; what is remembered of a conversation is
 * bounded.
 *
 * <p>Allowed neighbours: {@code capture}, {@code sighting}, {@code redact}, {@code source}, {@code
 * source.agent}, {@code source.git}, {@code delegations}, {@code enforce}, {@code event}, {@code
 * identity}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.mcp;

import org.jspecify.annotations.NullMarked;
