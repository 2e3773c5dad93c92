package dev.custody.event;

import dev.custody.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Who supplies a tool.
 *
 * @param kind kind of supplier
 * @param name for example the name of the MCP server
 * @param digest digest of the tool's public description
 */
public record ToolProvider(ToolProviderKind kind, @Nullable String name, @Nullable Digest digest) {}
