package dev.custody.broker;

import dev.custody.event.Actor;
import dev.custody.event.Agent;
import org.jspecify.annotations.Nullable;

/**
 * An agent's session, as its hooks told of it.
 *
 * @param id session id
 * @param actor whom it acts for, and its main agent; never a request's own word
 * @param project directory at work
 * @param delegation the delegation that it is bound to, where its hooks' events carry one
 */
public record KnownSession(
    String id, Actor actor, @Nullable String project, @Nullable String delegation) {
  /** Name of the project in the agent's SPIFFE ID, or nothing. */
  String projectName() {
    Agent agent = actor.agent();
    String[] path = agent == null ? new String[0] : agent.spiffeId().split("/", -1);
    // spiffe: // domain / agent / product / project
    return path.length > 5 ? path[5] : "";
  }
}
