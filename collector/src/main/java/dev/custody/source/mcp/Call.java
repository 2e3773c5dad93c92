package dev.custody.source.mcp;

import dev.custody.event.ToolProvider;
import dev.custody.event.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool, as its request tells of it.
 *
 * @param tool as agents call it: {@code mcp__SERVER__TOOL}
 * @param name as the server calls it
 * @param id the agent's own id of the call, or one of ours
 * @param place session, prompt and sub-agent
 */
record Call(
    String tool,
    String name,
    String id,
    Place place,
    @Nullable TraceContext trace,
    ToolProvider provider) {}
