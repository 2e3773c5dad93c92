package dev.custody.source.agent;

import dev.custody.delegations.Binding;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.identity.SpiffeId;
import dev.custody.source.git.Workplace;

/**
 * Where, for whom and under what a hook's session works.
 *
 * @param product the agent's product
 * @param agent the agent in its project
 */
record Setting(String product, Workplace workplace, Human human, SpiffeId agent, Binding binding) {
  /** Who is said to have acted. */
  Actor actor(Hook hook) {
    Agent acting =
        new Agent(product, hook.version(), agent.toString(), hook.session(), hook.subAgent());
    return new Actor(human, acting);
  }
}
