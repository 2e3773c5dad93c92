package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * A coding agent.
 *
 * @param product for example claude-code
 * @param version null where the source does not say
 * @param spiffeId SPIFFE ID of the agent in its project
 * @param instance one session of one agent
 * @param subAgent identifier of the sub-agent, null for the main agent
 */
public record Agent(
    String product,
    @Nullable String version,
    String spiffeId,
    @Nullable String instance,
    @Nullable String subAgent) {}
