package dev.custody.enforce;

import dev.custody.event.Body;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on a tool call, and what is answered.
 *
 * @param body as it is recorded
 * @param resources what the act that decided would touch
 * @param recorded whether it is worth an event: in {@code observe} a call that no delegation speaks
 *     of is not
 * @param denial what the agent is told; null when the call goes on
 */
public record Decision(
    Body.PolicyDecision body, List<String> resources, boolean recorded, @Nullable String denial) {
  /** Copies. */
  public Decision {
    resources = List.copyOf(resources);
  }
}
