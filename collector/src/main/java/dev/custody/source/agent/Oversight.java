package dev.custody.source.agent;

import dev.custody.delegations.Bindings;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.tag.SessionTags;

/**
 * What is known of sessions beside what their hooks say.
 *
 * @param bindings which delegation a session works under
 * @param hops hands a session's delegation on to its sub-agents
 * @param decisions decides on tool calls
 * @param tags which sessions were given their tag
 */
public record Oversight(
    Bindings bindings, SubAgentHops hops, DecisionPoint decisions, SessionTags tags) {}
